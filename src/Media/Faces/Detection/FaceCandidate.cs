using HunyuanPortrait.Core.Geometry;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>A place where the detector sees a face.</summary>
/// <param name="Box">Roughly from the brows to the chin, in picture coordinates.</param>
/// <param name="Score">Confidence, (0, 1).</param>
internal readonly record struct FaceCandidate(Box Box, double Score)
{
    /// <summary>Greedy non-maximum suppression: best score first, without what overlaps a better one by more than the threshold.</summary>
    public static List<FaceCandidate> Suppress(IEnumerable<FaceCandidate> candidates, double threshold)
    {
        var kept = new List<FaceCandidate>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (kept.TrueForAll(better => better.Box.Overlap(candidate.Box) <= threshold))
                kept.Add(candidate);
        }

        return kept;
    }
}
