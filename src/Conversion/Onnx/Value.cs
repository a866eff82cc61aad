namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>An edge of the graph: a named tensor whose shape the builder has worked out.</summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="Dims">Dimensions, outermost first; −1 where the caller decides at run time (at most one per value).</param>
public sealed record Value(string Name, int[] Dims)
{
    /// <summary>A dimension that is decided at run time.</summary>
    public const int Free = -1;

    /// <summary>How many dimensions there are.</summary>
    public int Rank => Dims.Length;

    /// <summary>Length along one axis; a negative axis counts from the end.</summary>
    public int this[Index axis] => Dims[axis];

    /// <summary>Number of elements, or <see cref="Free"/> when one dimension is free.</summary>
    public long Count => Dims.Contains(Free) ? Free : Dims.Aggregate(1L, (product, dim) => product * dim);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Dims)}]";
}
