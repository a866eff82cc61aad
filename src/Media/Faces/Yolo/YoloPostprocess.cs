using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Faces.Yolo;

/// <summary>Settings of the post-processing.</summary>
/// <param name="Confidence">Objectness, and objectness times class score, must exceed it.</param>
/// <param name="Overlap">Of two boxes whose intersection over union exceeds it, the one with the lower score goes.</param>
public sealed record YoloThresholds(float Confidence, float Overlap)
{
    /// <summary>0.5 and 0.45.</summary>
    public static YoloThresholds Default { get; } = new(0.5f, 0.45f);
}

/// <summary>Raw prediction of a YOLOv5-face network → faces (SPEC §3.1).</summary>
public static class YoloPostprocess
{
    private const int Fields = 16;
    private const int ObjectnessField = 4;
    private const int LandmarkField = 5;
    private const int ClassField = 15;

    /// <summary>Keeps confident faces, removes duplicates, and moves them into the picture.</summary>
    /// <param name="prediction"><c>[1, N, 16]</c> in pixels of the network's input.</param>
    /// <param name="scaleX">Picture width over input width.</param>
    /// <param name="scaleY">Picture height over input height.</param>
    /// <param name="thresholds">Limits.</param>
    /// <returns>Best score first.</returns>
    public static IReadOnlyList<FaceDetection> Decode(FloatTensor prediction, double scaleX, double scaleY, YoloThresholds thresholds)
    {
        if (prediction.Shape.Rank != 3 || prediction.Shape[2] != Fields)
            throw new ArgumentException($"A prediction is [1, N, {Fields}], not {prediction.Shape}.", nameof(prediction));
        var candidates = new List<Candidate>();
        for (var i = 0; i < prediction.Shape[1]; i++)
        {
            var row = prediction.Values.Slice(i * Fields, Fields);
            var score = row[ClassField] * row[ObjectnessField];
            if (row[ObjectnessField] > thresholds.Confidence && score > thresholds.Confidence)
                candidates.Add(Candidate.From(row, score, i));
        }

        return [.. Suppress(candidates, thresholds.Overlap).Select(candidate => Face(candidate, prediction, scaleX, scaleY))];
    }

    private static List<Candidate> Suppress(List<Candidate> candidates, float overlap)
    {
        var kept = new List<Candidate>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (kept.TrueForAll(better => better.IntersectionOverUnion(candidate) <= overlap))
                kept.Add(candidate);
        }

        return kept;
    }

    private static FaceDetection Face(Candidate candidate, FloatTensor prediction, double scaleX, double scaleY)
    {
        var row = prediction.Values.Slice(candidate.Row * Fields, Fields);
        Span<PicturePoint> points = stackalloc PicturePoint[FaceLandmarks.Count];
        for (var i = 0; i < points.Length; i++)
            points[i] = new PicturePoint(row[LandmarkField + 2 * i] * scaleX, row[LandmarkField + 2 * i + 1] * scaleY);
        var box = new Box(candidate.Left * scaleX, candidate.Top * scaleY, candidate.Right * scaleX, candidate.Bottom * scaleY);
        return new FaceDetection(box, FaceLandmarks.FromPoints(points), candidate.Score);
    }

    /// <summary>Single precision, as in the reference: thresholds are compared with rounded numbers.</summary>
    private readonly record struct Candidate(float Left, float Top, float Right, float Bottom, float Score, int Row)
    {
        public static Candidate From(ReadOnlySpan<float> row, float score, int index) => new(
            row[0] - row[2] / 2, row[1] - row[3] / 2, row[0] + row[2] / 2, row[1] + row[3] / 2, score, index);

        public float IntersectionOverUnion(Candidate other)
        {
            var width = Math.Max(Math.Min(Right, other.Right) - Math.Max(Left, other.Left), 0);
            var height = Math.Max(Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top), 0);
            var intersection = width * height;
            return intersection / (Area + other.Area - intersection);
        }

        private float Area => (Right - Left) * (Bottom - Top);
    }
}
