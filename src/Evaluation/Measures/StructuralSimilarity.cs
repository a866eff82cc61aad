using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>
/// SSIM of luma (Wang, Bovik, Sheikh, Simoncelli 2004): Gaussian window of 11 pixels, σ 1.5, K₁ = 0.01, K₂ = 0.03; borders renormalised.
/// </summary>
public static class StructuralSimilarity
{
    private const int Reach = 5;
    private const double Deviation = 1.5;
    private const double C1 = 0.01 * 255 * (0.01 * 255);
    private const double C2 = 0.03 * 255 * (0.03 * 255);
    private static readonly double[] Window = [.. Enumerable.Range(-Reach, 2 * Reach + 1).Select(x => Math.Exp(-0.5 * x * x / (Deviation * Deviation)))];

    /// <summary>The similarity map, weighted by a mask: 1 for equal pictures.</summary>
    public static Sums Of(RgbImage left, RgbImage right, ReadOnlySpan<float> mask)
    {
        PictureError.RequireSameSize(left, right);
        var (x, y) = (Luma(left), Luma(right));
        var size = (left.Width, left.Height);
        var (meanX, meanY) = (Blur(x, size), Blur(y, size));
        var (xx, yy, xy) = (Blur(Product(x, x), size), Blur(Product(y, y), size), Blur(Product(x, y), size));
        double sum = 0, weight = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            var (mx, my) = (meanX[i], meanY[i]);
            var similarity = (2 * mx * my + C1) * (2 * (xy[i] - mx * my) + C2) / ((mx * mx + my * my + C1) * (xx[i] - mx * mx + yy[i] - my * my + C2));
            sum += mask[i] * similarity;
            weight += mask[i];
        }

        return new Sums(sum, weight);
    }

    private static double[] Luma(RgbImage picture)
    {
        var pixels = picture.Pixels.Span;
        var luma = new double[picture.Width * picture.Height];
        for (var i = 0; i < luma.Length; i++)
            luma[i] = 0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2];
        return luma;
    }

    private static double[] Product(double[] a, double[] b)
    {
        var product = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
            product[i] = a[i] * b[i];
        return product;
    }

    private static double[] Blur(double[] values, (int Width, int Height) size)
    {
        var rows = new double[values.Length];
        for (var y = 0; y < size.Height; y++)
            BlurLine(values, rows, y * size.Width, 1, size.Width);
        var blurred = new double[values.Length];
        for (var x = 0; x < size.Width; x++)
            BlurLine(rows, blurred, x, size.Width, size.Height);
        return blurred;
    }

    private static void BlurLine(double[] source, double[] target, int start, int step, int length)
    {
        for (var i = 0; i < length; i++)
        {
            double sum = 0, weight = 0;
            for (var j = Math.Max(0, i - Reach); j <= Math.Min(length - 1, i + Reach); j++)
            {
                sum += Window[j - i + Reach] * source[start + j * step];
                weight += Window[j - i + Reach];
            }

            target[start + i * step] = sum / weight;
        }
    }
}
