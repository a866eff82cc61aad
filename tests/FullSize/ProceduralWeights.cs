using System.Numerics.Tensors;
using System.Text;

namespace HunyuanPortrait.FullSize;

/// <summary>The weights that <c>reference/README.md</c> defines for the cases of <c>golden/full-size</c>: any element by formula.</summary>
internal static class ProceduralWeights
{
    private static readonly string[] Tables = ["cls_token", "register_tokens", "pos_embed", "mask_token", "connector.latents"];

    /// <summary>Fills a tensor of a checkpoint.</summary>
    /// <param name="label">Label of the file: <c>unet</c>.</param>
    /// <param name="gain">The case's gain.</param>
    /// <param name="name">Tensor name.</param>
    /// <param name="shape">Tensor shape.</param>
    public static float[] Create(string label, double gain, string name, ReadOnlySpan<int> shape)
    {
        var (mean, amplitude) = Distribution(gain, name, shape);
        long count = 1;
        foreach (var dimension in shape)
            count *= dimension;
        var values = new float[count];
        if (amplitude != 0)
            Fill($"{label}:{name}", mean, amplitude, values);
        return values;
    }

    /// <summary>Value = float(amp)·u + float(mean), over all elements of a key.</summary>
    public static void Fill(string key, double mean, double amplitude, float[] values)
    {
        const int Piece = 1 << 16;
        var seed = Seed(key);
        Parallel.For(0, (values.Length + Piece - 1) / Piece, piece =>
        {
            var part = values.AsSpan(piece * Piece, Math.Min(Piece, values.Length - (piece * Piece)));
            for (var i = 0; i < part.Length; i++)
                part[i] = Uniform(seed, (piece * (long)Piece) + i);
            TensorPrimitives.Multiply(part, (float)amplitude, part);
            if (mean != 0)
                TensorPrimitives.Add(part, (float)mean, part);
        });
    }

    /// <summary>64-bit FNV-1a of the key.</summary>
    public static ulong Seed(string key)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var value in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ value) * 0x100000001b3UL;
        return hash;
    }

    /// <summary>Element <paramref name="index"/> of a key, in [−1, 1).</summary>
    public static float Uniform(ulong seed, long index)
    {
        var z = seed + ((ulong)(index + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return ((z >> 40) * (1f / (1 << 23))) - 1f;
    }

    private static (double Mean, double Amplitude) Distribution(double gain, string name, ReadOnlySpan<int> shape)
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
        if (shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal))
            return (1, 0.3);
        if (Tables.Contains(name) || name.StartsWith("position_", StringComparison.Ordinal))
            return (0, 0.8);
        double fan = 1;
        foreach (var dimension in shape[1..])
            fan *= dimension;
        return (0, gain * Math.Sqrt(3 / fan));
    }
}
