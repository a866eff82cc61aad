using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Onnx.Schema;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>
/// The constants of written graphs, read as a checkpoint again: weights keep their official names and shapes, so any other graph of the same network can
/// be built from an imported model.
/// </summary>
public sealed class OnnxCheckpoint : ICheckpoint
{
    private readonly Dictionary<string, StoredConstant> constants = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, TensorEntry> tensors = [];

    /// <summary>Reads the graphs; constants in external data files stay there.</summary>
    /// <param name="paths">Graph files whose constants belong together; a name that two of them have is the same constant.</param>
    public OnnxCheckpoint(params IEnumerable<string> paths)
    {
        Source = string.Join(", ", paths);
        foreach (var path in paths)
        {
            foreach (var tensor in ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Initializer)
                Add(path, tensor);
        }
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination)
    {
        var bytes = constants[name].Read();
        if (tensors[name].Type == ElementType.Float16)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), destination);
        else
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(destination);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: graphs keep no integer weights.</exception>
    public void ReadIntegers(string name, Span<long> destination) => throw new NotSupportedException("A written graph has no integer weights.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Add(string path, TensorProto tensor)
    {
        if (tensor.DataType == (int)TensorType.Int64 || tensors.ContainsKey(tensor.Name))
            return;
        var shape = new TensorShape([.. tensor.Dims.Select(dim => (int)dim)]);
        var type = tensor.DataType == (int)TensorType.Float16 ? ElementType.Float16 : ElementType.Float32;
        tensors.Add(tensor.Name, new TensorEntry(tensor.Name, shape, type));
        var external = tensor.ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value);
        constants[tensor.Name] = tensor.DataLocation == TensorProto.Types.DataLocation.External
            ? new StoredConstant(
                Path.Combine(Path.GetDirectoryName(path)!, external["location"]),
                long.Parse(external["offset"], CultureInfo.InvariantCulture),
                int.Parse(external["length"], CultureInfo.InvariantCulture),
                default)
            : new StoredConstant(null, 0, tensor.RawData.Length, tensor.RawData.Memory);
    }

    private sealed record StoredConstant(string? File, long Offset, int Length, ReadOnlyMemory<byte> Inline)
    {
        public ReadOnlySpan<byte> Read()
        {
            if (File is null)
                return Inline.Span;
            using var handle = System.IO.File.OpenHandle(File);
            var bytes = new byte[Length];
            var read = RandomAccess.Read(handle, bytes, Offset);
            return read == Length ? bytes : throw new EndOfStreamException($"{File} ends after {Offset + read} bytes; {Offset + Length} are needed.");
        }
    }
}
