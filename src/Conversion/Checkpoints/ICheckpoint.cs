using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>Element type of a stored tensor.</summary>
public enum ElementType
{
    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a single.</summary>
    BFloat16,

    /// <summary>IEEE double precision.</summary>
    Float64,

    /// <summary>Signed 64-bit.</summary>
    Int64,

    /// <summary>Signed 32-bit.</summary>
    Int32,

    /// <summary>Signed 16-bit.</summary>
    Int16,

    /// <summary>Signed 8-bit.</summary>
    Int8,

    /// <summary>Unsigned 8-bit.</summary>
    UInt8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>What a checkpoint says of one tensor.</summary>
public sealed record TensorEntry(string Name, TensorShape Shape, ElementType Type);

/// <summary>Named weights in a file, read one tensor at a time: nobody ever holds a whole network.</summary>
public interface ICheckpoint : IDisposable
{
    /// <summary>For messages: the file.</summary>
    string Source { get; }

    /// <summary>Every tensor by name, in the file's order.</summary>
    IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Reads one tensor as floats, row-major (views already resolved).</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="destination">Exactly the tensor's element count.</param>
    void ReadFloats(string name, Span<float> destination);

    /// <summary>Reads one tensor of an integer type (Bool counts as 0 and 1).</summary>
    void ReadIntegers(string name, Span<long> destination);
}
