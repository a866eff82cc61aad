using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Tests.Crops;

/// <summary>Answers calls with given detections, in order.</summary>
internal sealed class ScriptedFaceDetector(IEnumerable<IReadOnlyList<FaceDetection>> answers) : IFaceDetector
{
    private readonly Queue<IReadOnlyList<FaceDetection>> answers = new(answers);

    public IReadOnlyList<FaceDetection> Detect(RgbImage image) => answers.Dequeue();
}

internal static class Geometries
{
    public static ModelGeometry Official { get; } = new(512, 512, 4, 8, 0.18215f, 25, 64, 64, 1024, 320, 224, 256, 512);
}
