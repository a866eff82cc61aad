namespace HunyuanPortrait.Core.Latents;

/// <summary>
/// One record of <see cref="ValuesPerFrame"/> floats for every frame of a clip: latents, motion tokens. It is what grows with the clip,
/// so the product keeps it in memory-mapped files; nothing else may hold all frames at once.
/// </summary>
/// <remarks>Different frames may be read and written concurrently; one frame must not be written while it is read.</remarks>
public interface IFrameStore : IDisposable
{
    /// <summary>Number of frames.</summary>
    int FrameCount { get; }

    /// <summary>Floats per frame.</summary>
    int ValuesPerFrame { get; }

    /// <summary>Copies one frame's record.</summary>
    void Read(int frame, Span<float> destination);

    /// <summary>Replaces one frame's record.</summary>
    void Write(int frame, ReadOnlySpan<float> values);
}

/// <summary>Creates the stores of one job; they vanish with it.</summary>
public interface IFrameStoreFactory
{
    /// <summary>Creates a zero-filled store.</summary>
    /// <param name="name">What it holds, for messages and file names: <c>latents-0</c>.</param>
    /// <param name="frameCount">Number of frames, at least 1.</param>
    /// <param name="valuesPerFrame">Floats per frame, at least 1.</param>
    IFrameStore Create(string name, int frameCount, int valuesPerFrame);
}
