using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>A picture with what is known about it.</summary>
/// <param name="Picture">Square, 8-bit RGB.</param>
/// <param name="FaceMask">One byte a pixel, rows from the top: 255 on the visible face (ears and hair are outside), soft at its border.</param>
/// <param name="ExpressionMask">As <paramref name="FaceMask"/>: around eyes (with brows) and mouth, whatever they do at the moment.</param>
/// <param name="Landmarks">The true ones, pixels.</param>
/// <param name="FaceBox">What a detector would report: from the forehead to the chin and from side to side, pixels.</param>
public sealed record DrawnPortrait(
    RgbImage Picture, ReadOnlyMemory<byte> FaceMask, ReadOnlyMemory<byte> ExpressionMask, FaceLandmarks Landmarks, Box FaceBox)
{
    /// <summary>The face as a detection, for the pipeline's crops.</summary>
    public FaceDetection Face => new(FaceBox, Landmarks, 1);
}
