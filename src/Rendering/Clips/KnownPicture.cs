using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Rendering.Clips;

/// <summary>A picture whose face is known, so that nobody has to detect it: a drawing.</summary>
/// <param name="Picture">The whole picture.</param>
/// <param name="Face">Its face.</param>
public sealed record KnownPicture(RgbImage Picture, FaceDetection Face);

/// <summary>Finds the faces of pictures that it was told of, by reference, and none in others.</summary>
internal sealed class KnownFaces(IEnumerable<KnownPicture> known) : IFaceDetector
{
    private readonly Dictionary<RgbImage, FaceDetection> faces = known.ToDictionary(
        entry => entry.Picture, entry => entry.Face, ReferenceEqualityComparer.Instance as IEqualityComparer<RgbImage>);

    public IReadOnlyList<FaceDetection> Detect(RgbImage image) => faces.TryGetValue(image, out var face) ? [face] : [];
}
