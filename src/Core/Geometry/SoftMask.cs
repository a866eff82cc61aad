namespace HunyuanPortrait.Core.Geometry;

/// <summary>How much of the generated picture shows at each pixel of the paste-back (SPEC §10).</summary>
public static class SoftMask
{
    private const double BorderFraction = 0.1;

    /// <summary>Ones with linear ramps over the outer tenth of each side; the outermost pixels have weight 0.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <returns>Row-major, <c>[height, width]</c>, in [0, 1].</returns>
    public static float[] Create(int width, int height)
    {
        var columns = Profile(width);
        var rows = Profile(height);
        var mask = new float[checked(width * height)];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                mask[y * width + x] = (float)((float)columns[x] * rows[y]); // rounded twice, as the reference does
        }

        return mask;
    }

    private static double[] Profile(int length)
    {
        var border = (int)(BorderFraction * length);
        var profile = new double[length];
        Array.Fill(profile, 1);
        for (var i = 0; i < border; i++)
        {
            // A ramp of one pixel has only its start: 0 at the near side, 1 at the far side.
            var rise = border == 1 ? 0 : (double)i / (border - 1);
            profile[i] = rise;
            profile[length - border + i] = 1 - rise;
        }

        return profile;
    }
}
