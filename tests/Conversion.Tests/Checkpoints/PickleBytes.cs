using System.Text;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

/// <summary>Pickles written by hand.</summary>
internal static class PickleBytes
{
    /// <summary>Protocol 2, the given operations, STOP.</summary>
    public static byte[] Of(params ReadOnlySpan<object> operations)
    {
        var bytes = new LittleEndian().Append(0x80, 2);
        foreach (var operation in operations)
        {
            switch (operation)
            {
                case string text:
                    bytes.Append(Encoding.Latin1.GetBytes(text));
                    break;
                case byte[] raw:
                    bytes.Append(raw);
                    break;
                case int code:
                    bytes.Append((byte)code);
                    break;
                default:
                    throw new ArgumentException($"{operation} is no operation.");
            }
        }
        return bytes.Text(".").ToArray();
    }

    public static byte[] Text(string text) => new LittleEndian().Text("X").U32((uint)text.Length).Text(text).ToArray();

    /// <summary>A dictionary with one tensor <c>w</c> over storage 0.</summary>
    public static byte[] Tensor(long elements, string offset, string sizes, string strides, string storageClass = "FloatStorage") => Of(
        "}", Text("w"), "ctorch._utils\n_rebuild_tensor_v2\n((", Text("storage"), $"ctorch\n{storageClass}\n", Text("0"), Text("cpu"), Integer(elements), "tQ",
        Integers(offset), "(", Integers(sizes), "t(", Integers(strides), "t\u0089ccollections\nOrderedDict\n)RtRs");

    private static byte[] Integers(string values) =>
        [.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(value => Integer(long.Parse(value, System.Globalization.CultureInfo.InvariantCulture)))];

    private static byte[] Integer(long value) => new LittleEndian().Append(0x8A, 8).U64((ulong)value).ToArray();
}
