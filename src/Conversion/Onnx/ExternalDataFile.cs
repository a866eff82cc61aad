using System.Globalization;
using HunyuanPortrait.Conversion.Onnx.Schema;

namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>
/// The external data of one or more graphs: tensors one after the other, large ones on a 4 KiB boundary so that they can be memory-mapped, small ones
/// close together: a small model has a thousand of them. A tensor that two graphs name is written once.
/// </summary>
public sealed class ExternalDataFile : IDisposable
{
    private const long PageAlignment = 4096;
    private const long SmallAlignment = 64;
    private const long SmallestPaged = 16 * PageAlignment;

    private readonly string fileName;
    private readonly FileStream stream;
    private readonly Dictionary<string, long> offsets = new(StringComparer.Ordinal);

    /// <summary>Creates the file.</summary>
    /// <param name="path">Where; graphs refer to it by its name and must lie in the same folder.</param>
    public ExternalDataFile(string path)
    {
        fileName = Path.GetFileName(path);
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 20);
    }

    /// <summary>Writes the tensor if it is new, and describes where it is.</summary>
    internal TensorProto Reference(Initializer initializer)
    {
        if (!offsets.TryGetValue(initializer.Name, out var offset))
            offsets[initializer.Name] = offset = Append(initializer);
        var tensor = OnnxWriter.Describe(initializer);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(Entry("location", fileName));
        tensor.ExternalData.Add(Entry("offset", offset.ToString(CultureInfo.InvariantCulture)));
        tensor.ExternalData.Add(Entry("length", initializer.ByteCount.ToString(CultureInfo.InvariantCulture)));
        return tensor;
    }

    /// <summary>Flushes to the device and closes.</summary>
    public void Dispose()
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private long Append(Initializer initializer)
    {
        var alignment = initializer.ByteCount < SmallestPaged ? SmallAlignment : PageAlignment;
        var offset = (stream.Position + alignment - 1) / alignment * alignment;
        stream.Write(new byte[offset - stream.Position]);
        OnnxWriter.WithBytes(initializer, (bytes, _) => stream.Write(bytes));
        return offset;
    }
}
