namespace HunyuanPortrait.Core.Geometry;

/// <summary>The square that SPEC §3.2 step 2 cuts around a face; also the place of the paste-back.</summary>
public static class SquareBox
{
    /// <summary>Grows the face's box by its own size on every side, within the picture, and takes the square that is nearest to the face.</summary>
    /// <param name="face">The face's box.</param>
    /// <param name="pictureWidth">Pixels.</param>
    /// <param name="pictureHeight">Pixels.</param>
    /// <returns>The sides are rounded one by one, half to even, so they may differ by a pixel.</returns>
    public static PixelRegion Around(Box face, int pictureWidth, int pictureHeight)
    {
        var left = Math.Max(face.Left - face.Width, 0);
        var top = Math.Max(face.Top - face.Height, 0);
        var right = Math.Min(face.Right + face.Width, pictureWidth);
        var bottom = Math.Min(face.Bottom + face.Height, pictureHeight);
        var (width, height) = (right - left, bottom - top);
        var half = Math.Min(width, height) / 2;
        var slack = Math.Abs(height - width) / 2;
        var (centreX, centreY) = ((left + right) / 2, (top + bottom) / 2);
        if (width < height)
            centreY = Toward(centreY, (face.Top + face.Bottom) / 2, slack);
        else
            centreX = Toward(centreX, (face.Left + face.Right) / 2, slack);
        return new PixelRegion(Round(centreX - half), Round(centreY - half), Round(centreX + half), Round(centreY + half));
    }

    private static double Toward(double from, double to, double atMost)
    {
        var distance = Math.Min(atMost, Math.Abs(to - from));
        return to > from ? from + distance : from - distance;
    }

    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
