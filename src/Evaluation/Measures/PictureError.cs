using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>How far pictures are apart, pixel by pixel.</summary>
public static class PictureError
{
    /// <summary>Squared error over all pixels and channels, in 8-bit units; its mean is the MSE.</summary>
    public static Sums Squared(RgbImage left, RgbImage right)
    {
        RequireSameSize(left, right);
        var a = left.Pixels.Span;
        var b = right.Pixels.Span;
        long sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return new Sums(sum, a.Length);
    }

    /// <summary>As <see cref="Squared(RgbImage, RgbImage)"/>, every pixel with its weight.</summary>
    public static Sums Squared(RgbImage left, RgbImage right, ReadOnlySpan<float> mask)
    {
        RequireSameSize(left, right);
        var a = left.Pixels.Span;
        var b = right.Pixels.Span;
        double sum = 0, weight = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] == 0)
                continue;
            var pixel = 0;
            for (var c = RgbImage.Channels * i; c < RgbImage.Channels * (i + 1); c++)
                pixel += (a[c] - b[c]) * (a[c] - b[c]);
            sum += mask[i] * pixel;
            weight += mask[i] * RgbImage.Channels;
        }

        return new Sums(sum, weight);
    }

    /// <summary>Peak signal over noise in dB; infinite for equal pictures.</summary>
    public static double Psnr(double meanSquaredError) => 10 * Math.Log10(255 * 255 / meanSquaredError);

    internal static void RequireSameSize(RgbImage left, RgbImage right)
    {
        if (left.Width != right.Width || left.Height != right.Height)
            throw new ArgumentException($"Pictures of {left.Width}×{left.Height} and {right.Width}×{right.Height} cannot be compared.", nameof(right));
    }
}
