using System.Runtime.InteropServices;
using System.Text.Json;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Tests;

/// <summary>Tensors that the reference implementation recorded, read from a safetensors file.</summary>
internal sealed class RecordedTensors
{
    private readonly byte[] bytes;
    private readonly JsonElement header;
    private readonly int start;

    public RecordedTensors(string path)
    {
        bytes = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToInt64(bytes);
        header = JsonDocument.Parse(bytes.AsMemory(8, length)).RootElement;
        start = 8 + length;
    }

    public static RecordedTensors Fixture(string name) => new(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));

    public int[] Shape(string name) => [.. header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(item => item.GetInt32())];

    public ReadOnlySpan<byte> Bytes(string name)
    {
        var offsets = header.GetProperty(name).GetProperty("data_offsets");
        var (from, to) = (offsets[0].GetInt32(), offsets[1].GetInt32());
        return bytes.AsSpan(start + from, to - from);
    }

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public double[] Doubles(string name) => MemoryMarshal.Cast<byte, double>(Bytes(name)).ToArray();

    public FloatTensor Tensor(string name) => new(new TensorShape(Shape(name)), Floats(name));

    /// <summary>A tensor [height, width, 3] of bytes.</summary>
    public RgbImage Picture(string name)
    {
        var shape = Shape(name);
        return new RgbImage(shape[1], shape[0], Bytes(name).ToArray());
    }
}
