namespace HunyuanPortrait.Core.Noise;

/// <summary>
/// Noise that depends on nothing but seed, frame and position: nobody needs the whole clip's noise, and every machine draws the same.
/// Key: the seed; counter: (block of four numbers, frame, 0, 0).
/// </summary>
/// <param name="seed">Any number.</param>
public sealed class SeededNoise(ulong seed) : INoiseSource
{
    /// <inheritdoc/>
    public void Fill(int frame, Span<float> noise)
    {
        Span<float> four = stackalloc float[4];
        for (var start = 0; start < noise.Length; start += four.Length)
        {
            var block = Philox.Generate(new PhiloxBlock((uint)(start / four.Length), (uint)frame, 0, 0), seed);
            (four[0], four[1]) = BoxMuller.Transform(block.W0, block.W1);
            (four[2], four[3]) = BoxMuller.Transform(block.W2, block.W3);
            var rest = noise[start..];
            four[..Math.Min(four.Length, rest.Length)].CopyTo(rest);
        }
    }
}
