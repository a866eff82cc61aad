using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>Squared differences of neighbouring pixels: how much is drawn sharply. The training's <c>edgeEnergy</c> is the same.</summary>
public static class EdgeEnergy
{
    /// <summary>Mean over horizontal plus mean over vertical neighbours, all channels, 8-bit units.</summary>
    public static double Of(RgbImage picture)
    {
        Sums across = default, down = default;
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            across += Difference(row[RgbImage.Channels..], row[..^RgbImage.Channels]);
            if (y > 0)
                down += Difference(row, picture.Row(y - 1));
        }

        return across.Mean + down.Mean;
    }

    private static Sums Difference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return new Sums(sum, a.Length);
    }
}
