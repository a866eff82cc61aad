using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Latents;

/// <summary>A store on the heap, for short clips and tests.</summary>
/// <param name="frameCount">Number of frames.</param>
/// <param name="valuesPerFrame">Floats per frame.</param>
public sealed class MemoryFrameStore(int frameCount, int valuesPerFrame) : IFrameStore
{
    private readonly float[] values = new float[checked(frameCount * valuesPerFrame)];

    /// <summary>Creates such stores.</summary>
    public static IFrameStoreFactory Factory { get; } = new MemoryFactory();

    /// <inheritdoc/>
    public int FrameCount => frameCount;

    /// <inheritdoc/>
    public int ValuesPerFrame => valuesPerFrame;

    /// <summary>All frames, one behind the other.</summary>
    public Span<float> Values => values;

    /// <inheritdoc/>
    public void Read(int frame, Span<float> destination) => FrameAt(frame, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public void Write(int frame, ReadOnlySpan<float> values) => values.CopyTo(FrameAt(frame, values.Length));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private Span<float> FrameAt(int frame, int length)
    {
        Elementwise.RequireLength(valuesPerFrame, length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)frameCount, nameof(frame));
        return values.AsSpan(frame * valuesPerFrame, valuesPerFrame);
    }

    private sealed class MemoryFactory : IFrameStoreFactory
    {
        public IFrameStore Create(string name, int frameCount, int valuesPerFrame) => new MemoryFrameStore(frameCount, valuesPerFrame);
    }
}
