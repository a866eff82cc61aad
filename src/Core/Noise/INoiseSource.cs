namespace HunyuanPortrait.Core.Noise;

/// <summary>Standard normal noise for the initial latents. Safe for concurrent use.</summary>
public interface INoiseSource
{
    /// <summary>Fills one frame's noise; the same frame always gets the same numbers.</summary>
    /// <param name="frame">Frame of the padded clip.</param>
    /// <param name="noise">Receives one frame of latents' worth of numbers.</param>
    void Fill(int frame, Span<float> noise);
}

/// <summary>Noise that was recorded elsewhere, <c>[frames, valuesPerFrame]</c>.</summary>
/// <param name="values">All frames, one behind the other.</param>
public sealed class RecordedNoise(ReadOnlyMemory<float> values) : INoiseSource
{
    /// <inheritdoc/>
    public void Fill(int frame, Span<float> noise) => values.Span.Slice(checked(frame * noise.Length), noise.Length).CopyTo(noise);
}
