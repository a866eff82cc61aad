using System.Text;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>
/// Numbers by formula, keyed by a name: the weights and inputs that recorded tensors of the official size were made with, and the random weights of
/// stand-in models. Any element can be computed alone, on any machine, with the same bits.
/// </summary>
public static class ProceduralTensors
{
    private const int PieceLength = 1 << 16;

    private static readonly string[] Tables = ["cls_token", "register_tokens", "pos_embed", "mask_token", "connector.latents"];

    /// <summary>Mean and amplitude of a weight, by what its name says it is.</summary>
    /// <param name="gain">Multiplies matrices and kernels.</param>
    /// <param name="name">State-dict name.</param>
    /// <param name="shape">Shape; all dimensions but the first are the fan-in.</param>
    public static (double Mean, double Amplitude) Distribution(double gain, string name, TensorShape shape)
    {
        if (name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            return (0, 0);
        if (name.EndsWith("running_var", StringComparison.Ordinal))
            return (1, 0.5);
        if (name.EndsWith("running_mean", StringComparison.Ordinal))
            return (0, 0.2);
        if (name.EndsWith("mix_factor", StringComparison.Ordinal))
            return (0, 1);
        if (name.EndsWith(".gamma", StringComparison.Ordinal))
            return (0.5, 0.3);
        if (name.EndsWith("bias", StringComparison.Ordinal))
            return (0, 0.15);
        if (shape.Rank == 1 && name.EndsWith("weight", StringComparison.Ordinal))
            return (1, 0.3);
        if (Tables.Contains(name) || name.StartsWith("position_", StringComparison.Ordinal))
            return (0, 0.8);
        var fan = 1.0;
        foreach (var dimension in shape.Dimensions.Skip(1))
            fan *= dimension;
        return (0, gain * Math.Sqrt(3 / fan));
    }

    /// <summary>Fills with <c>float(amplitude)·u</c>, plus <c>float(mean)</c> where the mean is not zero; u is uniform in [−1, 1).</summary>
    public static void Fill(string key, double mean, double amplitude, Memory<float> values)
    {
        var seed = Seed(key);
        var (offset, scale) = ((float)mean, (float)amplitude);
        Parallel.For(0, (values.Length + PieceLength - 1) / PieceLength, piece =>
        {
            var start = piece * PieceLength;
            var part = values.Span.Slice(start, Math.Min(PieceLength, values.Length - start));
            for (var i = 0; i < part.Length; i++)
            {
                var value = scale * Uniform(seed, start + i);
                part[i] = offset == 0 ? value : value + offset;
            }
        });
    }

    /// <summary>64-bit FNV-1a of the key's UTF-8 bytes.</summary>
    public static ulong Seed(string key)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var value in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ value) * 0x100000001b3UL;
        return hash;
    }

    /// <summary>Element of a key, exactly representable, in [−1, 1).</summary>
    public static float Uniform(ulong seed, long index)
    {
        var z = seed + ((ulong)(index + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return ((z >> 40) * (1f / (1 << 23))) - 1f;
    }
}
