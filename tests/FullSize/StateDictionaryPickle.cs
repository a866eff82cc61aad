using System.Text;
using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.FullSize;

/// <summary>The pickle of an ordered dictionary of contiguous tensors, storage <c>i</c> for tensor <c>i</c> (protocol 2).</summary>
internal sealed class StateDictionaryPickle
{
    private readonly LittleEndian bytes = new();

    public StateDictionaryPickle(IReadOnlyList<TensorEntry> tensors)
    {
        bytes.Append(0x80, 2);
        OrderedDictionary();
        bytes.Text("(");
        for (var i = 0; i < tensors.Count; i++)
            Tensor(tensors[i], i);
        bytes.Text("u.");
        Bytes = bytes.ToArray();
    }

    public byte[] Bytes { get; }

    private void Tensor(TensorEntry tensor, int storage)
    {
        var strides = new long[tensor.Shape.Rank];
        long stride = 1;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= tensor.Shape[axis];
        }
        String(tensor.Name);
        bytes.Text("ctorch._utils\n_rebuild_tensor_v2\n((");
        String("storage");
        bytes.Text($"ctorch\n{StorageClass(tensor.Type)}\n");
        String($"{storage}");
        String("cpu");
        Integer(tensor.Shape.ElementCount);
        bytes.Text("tQ");
        Integer(0);
        Tuple([.. tensor.Shape.Dimensions]);
        Tuple(strides);
        bytes.Append(0x89);
        OrderedDictionary();
        bytes.Text("tR");
    }

    private void OrderedDictionary() => bytes.Text("ccollections\nOrderedDict\n)R");

    private void Tuple(ReadOnlySpan<long> values)
    {
        bytes.Text("(");
        foreach (var value in values)
            Integer(value);
        bytes.Text("t");
    }

    private void Tuple(ReadOnlySpan<int> values)
    {
        bytes.Text("(");
        foreach (var value in values)
            Integer(value);
        bytes.Text("t");
    }

    private void String(string text) => bytes.Text("X").U32((uint)Encoding.UTF8.GetByteCount(text)).Text(text);

    private void Integer(long value)
    {
        if (value is >= 0 and <= byte.MaxValue)
            bytes.Text("K").Append((byte)value);
        else if (value is >= 0 and <= int.MaxValue)
            bytes.Text("J").U32((uint)value);
        else
            bytes.Append(0x8A, 8).U64((ulong)value);
    }

    private static string StorageClass(ElementType type) => type switch
    {
        ElementType.Float32 => "FloatStorage",
        ElementType.Float16 => "HalfStorage",
        ElementType.BFloat16 => "BFloat16Storage",
        ElementType.Int64 => "LongStorage",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No test needs this type."),
    };
}
