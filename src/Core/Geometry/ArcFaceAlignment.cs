using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Geometry;

/// <summary>Where ArcFace expects the five landmarks (SPEC §3.2 step 7).</summary>
public static class ArcFaceAlignment
{
    /// <summary>Side of the aligned picture, pixels.</summary>
    public const int Size = 112;

    /// <summary>The landmarks' places in the aligned picture; float32 numbers, as the reference holds them.</summary>
    public static ImmutableArray<PicturePoint> Template { get; } =
        [new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f)];

    /// <summary>Picture → aligned picture. The warp samples through its inverse.</summary>
    /// <exception cref="ArgumentException">All landmarks coincide.</exception>
    public static SimilarityTransform FromLandmarks(FaceLandmarks landmarks) =>
        SimilarityTransform.Fit(landmarks.Points.AsSpan(), Template.AsSpan());
}
