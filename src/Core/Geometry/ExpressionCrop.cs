namespace HunyuanPortrait.Core.Geometry;

/// <summary>Where the expression network looks in a driving frame (SPEC §3.3).</summary>
public static class ExpressionCrop
{
    private const double Reach = 0.45;

    /// <summary>The landmarks' box, each side moved 45 % of the way towards the side of the <em>first</em> frame's face box.</summary>
    public static Box BoxOf(FaceLandmarks landmarks, Box firstFace)
    {
        var box = Box.Around(landmarks.Points.AsSpan());
        return new Box(
            box.Left - Reach * (box.Left - firstFace.Left),
            box.Top - Reach * (box.Top - firstFace.Top),
            box.Right + Reach * (firstFace.Right - box.Right),
            box.Bottom + Reach * (firstFace.Bottom - box.Bottom));
    }

    /// <summary>The square of even side around a box's centre; what lies outside the picture is black.</summary>
    public static PixelRegion CentreSquare(Box box)
    {
        var centreX = (int)((box.Left + box.Right) / 2);
        var centreY = (int)((box.Top + box.Bottom) / 2);
        var half = (int)Math.Max(box.Width, box.Height) / 2;
        return new PixelRegion(centreX - half, centreY - half, centreX + half, centreY + half);
    }

    /// <summary>The region to cut out of a frame.</summary>
    public static PixelRegion RegionOf(FaceLandmarks landmarks, Box firstFace) => CentreSquare(BoxOf(landmarks, firstFace));
}
