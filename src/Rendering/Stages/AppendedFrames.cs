using HunyuanPortrait.Core.Latents;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Frames that arrive one by one, when nobody knows how many they will be: a store that is replaced by one of twice its size when it is full.
/// </summary>
/// <param name="stores">Creates the stores.</param>
/// <param name="name">What they hold.</param>
/// <param name="valuesPerFrame">Floats per frame.</param>
/// <param name="expectedFrames">A good guess avoids every replacement.</param>
internal sealed class AppendedFrames(IFrameStoreFactory stores, string name, int valuesPerFrame, int expectedFrames) : IFrameStore
{
    private IFrameStore store = stores.Create(name, Math.Max(1, expectedFrames), valuesPerFrame);

    /// <summary>Frames appended so far.</summary>
    public int FrameCount { get; private set; }

    public int ValuesPerFrame => valuesPerFrame;

    public void Append(ReadOnlySpan<float> values)
    {
        if (FrameCount == store.FrameCount)
            Grow();
        store.Write(FrameCount, values);
        FrameCount++;
    }

    public void Read(int frame, Span<float> destination) => store.Read(Existing(frame), destination);

    public void Write(int frame, ReadOnlySpan<float> values) => store.Write(Existing(frame), values);

    public void Dispose() => store.Dispose();

    private void Grow()
    {
        var larger = stores.Create(name, checked(2 * store.FrameCount), valuesPerFrame);
        var frameValues = new float[valuesPerFrame];
        for (var frame = 0; frame < FrameCount; frame++)
        {
            store.Read(frame, frameValues);
            larger.Write(frame, frameValues);
        }

        store.Dispose();
        store = larger;
    }

    private int Existing(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)FrameCount, nameof(frame));
        return frame;
    }
}
