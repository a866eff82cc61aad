using System.Collections.Immutable;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>
/// Finds faces on photographs with the networks of <see cref="FaceNetworkFiles"/>: a detector at one or more sizes, then 68 landmarks in each face.
/// Every picture is searched anew, so the same picture gives the same faces.
/// </summary>
public sealed class FaceApiDetector : IFaceDetector, IDisposable
{
    private const double ScoreThreshold = 0.5;
    private const double OverlapThreshold = 0.4;

    // The landmark network was trained on boxes a fifth larger than the points' extent. A detector's box is only roughly that, and its jitter
    // shows in the points; a second look at the box that the first one's points give takes most of it away.
    private const double LandmarkMargin = 1.2;
    private const int Looks = 2;

    private readonly ImmutableArray<INetwork> detectors;
    private readonly INetwork landmarks;

    /// <summary>Takes over the networks.</summary>
    /// <param name="detectors">The detector at several input sizes, in the order of trial.</param>
    /// <param name="landmarks">The landmark network.</param>
    public FaceApiDetector(IEnumerable<INetwork> detectors, INetwork landmarks)
    {
        this.detectors = [.. detectors];
        this.landmarks = landmarks;
    }

    /// <summary>Loads the networks from their folder.</summary>
    public static FaceApiDetector Load(INetworkLoader loader, string folder)
    {
        INetwork Network(string file) => loader.Load(NetworkSource.FromFile(Path.GetFileNameWithoutExtension(file), Path.Combine(folder, file)));
        return new FaceApiDetector(FaceNetworkFiles.DetectorSizes.Select(FaceNetworkFiles.Detector).Select(Network), Network(FaceNetworkFiles.Landmarks));
    }

    /// <inheritdoc/>
    public IReadOnlyList<FaceDetection> Detect(RgbImage image) => [.. FindShapes(image).Select(shape => shape.ToDetection())];

    /// <summary>All faces with their 68 points, best score first.</summary>
    public IReadOnlyList<FaceShape> FindShapes(RgbImage image)
    {
        var shapes = new List<FaceShape>();
        foreach (var candidate in FindCandidates(image))
        {
            // Two candidates for one face become alike at the second look.
            var shape = FindPoints(image, candidate);
            if (shapes.TrueForAll(better => better.FaceBox.Overlap(shape.FaceBox) <= OverlapThreshold))
                shapes.Add(shape);
        }

        return shapes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var detector in detectors)
            detector.Dispose();
        landmarks.Dispose();
    }

    private List<FaceCandidate> FindCandidates(RgbImage image)
    {
        foreach (var searches in Stages(image))
        {
            var found = searches.SelectMany(search => FindCandidates(image, search)).ToList();
            if (found.Count > 0)
                return FaceCandidate.Suppress(found, OverlapThreshold);
        }

        return [];
    }

    // The first size finds almost every face. Where it finds none, the face is much smaller or much larger: the other sizes are asked. What is
    // too small even for them is looked for in the picture's parts, if the picture is large enough for the parts to show more.
    private IEnumerable<IEnumerable<Search>> Stages(RgbImage image)
    {
        double side = Math.Max(image.Width, image.Height);
        var whole = new Box(0, 0, side, side);
        yield return [new Search(detectors[0], whole)];
        yield return detectors.Skip(1).Select(detector => new Search(detector, whole));
        var finest = detectors.MaxBy(InputSize)!;
        if (side > InputSize(finest))
            yield return Parts(image, side / 2).Select(part => new Search(finest, part));
    }

    // Squares that cover the picture and overlap by about half, so that no face is cut by all of them.
    private static IEnumerable<Box> Parts(RgbImage image, double side) =>
        from top in Starts(image.Height, side)
        from left in Starts(image.Width, side)
        select Box.FromSize(left, top, side, side);

    private static IEnumerable<double> Starts(int length, double side)
    {
        var steps = (int)Math.Ceiling(Math.Max(length - side, 0) / (side / 2));
        return Enumerable.Range(0, steps + 1).Select(i => steps == 0 ? 0 : i * (length - side) / steps);
    }

    private static int InputSize(INetwork detector) => detector.Inputs["image"][^1];

    private static List<FaceCandidate> FindCandidates(RgbImage image, Search search)
    {
        var grid = search.Detector.Outputs["cells"][^1];
        var cells = new FloatTensor(new TensorShape(1, DetectorCells.NumbersPerCell, grid, grid), new float[DetectorCells.NumbersPerCell * grid * grid]);
        FaceNetworkRun.Run(search.Detector, image, search.Region, cells);
        return DetectorCells.Decode(cells.Values, grid, search.Region, ScoreThreshold);
    }

    private FaceShape FindPoints(RgbImage image, FaceCandidate candidate)
    {
        var shape = Look(image, candidate.Box.SquareAround(1), candidate.Score);
        for (var look = 1; look < Looks; look++)
            shape = Look(image, shape.Extent.SquareAround(LandmarkMargin), candidate.Score);
        return shape;
    }

    private FaceShape Look(RgbImage image, Box region, double score)
    {
        var values = new float[2 * FaceShape.PointCount];
        FaceNetworkRun.Run(landmarks, image, region, new FloatTensor(new TensorShape(1, values.Length), values));
        var points = Enumerable.Range(0, FaceShape.PointCount)
            .Select(i => new PicturePoint(region.Left + values[2 * i] * region.Width, region.Top + values[2 * i + 1] * region.Height));
        return new FaceShape([.. points], score);
    }

    private readonly record struct Search(INetwork Detector, Box Region);
}
