using System.Collections.Immutable;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>Where a tensor's elements lie in a file.</summary>
/// <param name="Entry">Name, shape and element type.</param>
/// <param name="Start">Byte of the element at index 0, 0, ….</param>
/// <param name="Strides">In elements, per dimension.</param>
/// <param name="BigEndian">Byte order of the elements.</param>
internal sealed record StoredTensor(TensorEntry Entry, long Start, ImmutableArray<long> Strides, bool BigEndian)
{
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (var axis = Strides.Length - 1; axis >= 0; axis--)
            {
                var size = Entry.Shape[axis];
                if (size != 1 && Strides[axis] != expected)
                    return false;
                expected *= size;
            }
            return true;
        }
    }

    /// <summary>Bytes from the first to the end of the last element in the file.</summary>
    public long Extent
    {
        get
        {
            if (Entry.Shape.ElementCount == 0)
                return 0;
            long last = 0;
            for (var axis = 0; axis < Strides.Length; axis++)
                last += (Entry.Shape[axis] - 1) * Strides[axis];
            return (last + 1) * Entry.Type.Size();
        }
    }

    public static StoredTensor Contiguous(TensorEntry entry, long start)
    {
        var strides = new long[entry.Shape.Rank];
        long stride = 1;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, entry.Shape[axis]);
        }
        return new StoredTensor(entry, start, [.. strides], BigEndian: false);
    }
}
