using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HunyuanPortrait.Core.Tests.Recorded;

/// <summary>Tensors that the reference implementation wrote, from a <c>.safetensors</c> file in <c>Fixtures</c>.</summary>
internal sealed class RecordedTensors
{
    private readonly byte[] file;
    private readonly JsonElement header;
    private readonly int start;

    private RecordedTensors(byte[] file)
    {
        this.file = file;
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        start = 8 + length;
        header = JsonDocument.Parse(file.AsMemory(8, length)).RootElement;
    }

    public static RecordedTensors Load(string name) => new(File.ReadAllBytes(Fixture.PathOf(name + ".safetensors")));

    public float[] Floats(string name) => Values<float>(name, "F32");

    public double[] Doubles(string name) => Values<double>(name, "F64");

    public byte[] Bytes(string name) => Values<byte>(name, "U8");

    public int[] Ints(string name) => Values<int>(name, "I32");

    private T[] Values<T>(string name, string type)
        where T : unmanaged
    {
        var entry = header.GetProperty(name);
        Assert.Equal(type, entry.GetProperty("dtype").GetString());
        var offsets = entry.GetProperty("data_offsets");
        var (from, to) = (start + offsets[0].GetInt32(), start + offsets[1].GetInt32());
        return MemoryMarshal.Cast<byte, T>(file.AsSpan(from, to - from)).ToArray();
    }
}
