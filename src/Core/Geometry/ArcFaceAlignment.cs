using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Geometry;

/// <summary>Where ArcFace expects the five landmarks (SPEC §3.2 step 7).</summary>
public static class ArcFaceAlignment
{
    /// <summary>Side of the aligned picture, pixels.</summary>
    public const int Size = 112;

    /// <summary>
    /// The landmarks' places in the aligned picture. The reference moves a template for 96 columns by 8 in single precision, which rounds
    /// the last x differently from 70.7299.
    /// </summary>
    public static ImmutableArray<PicturePoint> Template { get; } =
        [new(30.2946f + 8, 51.6963f), new(65.5318f + 8, 51.5014f), new(48.0252f + 8, 71.7366f), new(33.5493f + 8, 92.3655f), new(62.7299f + 8, 92.2041f)];

    /// <summary>Picture → aligned picture. The warp samples through its inverse.</summary>
    /// <exception cref="ArgumentException">All landmarks coincide.</exception>
    public static SimilarityTransform FromLandmarks(FaceLandmarks landmarks) =>
        SimilarityTransform.Fit(landmarks.Points.AsSpan(), Template.AsSpan());
}
