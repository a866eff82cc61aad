using System.Buffers;
using System.Numerics.Tensors;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Blending;

/// <summary>
/// The mean of what several windows say about one frame. Contributions may arrive in any order and are summed in plan order, so the bits never
/// depend on arrival: what comes early is kept until its turn.
/// </summary>
/// <remarks>Not safe for concurrent use. Disposing returns its memory.</remarks>
public sealed class FrameAccumulator : IDisposable
{
    private readonly int valueCount;
    private readonly float[]?[] waiting;
    private readonly float[] sum;
    private int summed;

    /// <summary>Waits for a frame's contributions.</summary>
    /// <param name="contributionCount">How many there will be, at least 1.</param>
    /// <param name="valueCount">Floats per frame.</param>
    public FrameAccumulator(int contributionCount, int valueCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contributionCount, 1);
        this.valueCount = valueCount;
        waiting = new float[]?[contributionCount];
        sum = ArrayPool<float>.Shared.Rent(valueCount);
        sum.AsSpan(0, valueCount).Clear();
    }

    /// <summary>Whether all contributions have arrived.</summary>
    public bool IsComplete => summed == waiting.Length;

    /// <summary>Takes one contribution.</summary>
    /// <param name="ordinal">Its place in the order of summation.</param>
    /// <param name="values">The frame as that window has it.</param>
    /// <returns>False when this contribution was there already; it is not counted twice.</returns>
    public bool Add(int ordinal, ReadOnlySpan<float> values)
    {
        Elementwise.RequireLength(valueCount, values.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ordinal, (uint)waiting.Length, nameof(ordinal));
        if (ordinal < summed || waiting[ordinal] is not null)
            return false;
        if (ordinal == summed)
        {
            Sum(values);
            SumWaiting();
            return true;
        }

        var kept = ArrayPool<float>.Shared.Rent(valueCount);
        values.CopyTo(kept);
        waiting[ordinal] = kept;
        return true;
    }

    /// <summary>The blended frame: the sum, divided once by the number of contributions.</summary>
    /// <exception cref="InvalidOperationException">Contributions are missing.</exception>
    public void CopyMeanTo(Span<float> frame)
    {
        if (!IsComplete)
            throw new InvalidOperationException($"{waiting.Length - summed} of {waiting.Length} contributions are missing.");
        TensorPrimitives.Divide(sum.AsSpan(0, valueCount), waiting.Length, frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(sum);
        foreach (var kept in waiting)
        {
            if (kept is not null)
                ArrayPool<float>.Shared.Return(kept);
        }
    }

    private void Sum(ReadOnlySpan<float> values)
    {
        var total = sum.AsSpan(0, valueCount);
        TensorPrimitives.Add(total, values, total);
        summed++;
    }

    private void SumWaiting()
    {
        while (summed < waiting.Length && waiting[summed] is { } kept)
        {
            waiting[summed] = null;
            Sum(kept.AsSpan(0, valueCount));
            ArrayPool<float>.Shared.Return(kept);
        }
    }
}
