using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Tensors;

/// <summary>Dimensions of a row-major tensor, outermost first. A scalar has no dimensions and one element.</summary>
public readonly struct TensorShape : IEquatable<TensorShape>
{
    private readonly ImmutableArray<int> dimensions;

    /// <summary>Creates a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    public TensorShape(params ReadOnlySpan<int> dimensions)
    {
        foreach (var dimension in dimensions)
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(dimensions));
        this.dimensions = [.. dimensions];
    }

    /// <summary>The dimensions, outermost first.</summary>
    public ImmutableArray<int> Dimensions => dimensions.IsDefault ? [] : dimensions;

    /// <summary>How many dimensions there are.</summary>
    public int Rank => Dimensions.Length;

    /// <summary>Length along one axis; a negative axis counts from the end.</summary>
    public int this[int axis] => Dimensions[axis < 0 ? axis + Rank : axis];

    /// <summary>The product of all dimensions.</summary>
    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (var dimension in Dimensions)
                count = checked(count * dimension);
            return count;
        }
    }

    /// <inheritdoc/>
    public bool Equals(TensorShape other) => Dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dimension in Dimensions)
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <summary>The usual notation, <c>[2, 64, 1024]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Dimensions)}]";

    /// <summary>Same dimensions in the same order.</summary>
    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    /// <summary>Different dimensions, or another order.</summary>
    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);
}
