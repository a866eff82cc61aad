using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Models;

/// <summary>Files of the face networks that ship with the product (<c>models/faces</c>). All values at their borders are fp32, pictures RGB in [0, 255].</summary>
public static class FaceNetworkFiles
{
    /// <summary><c>faces [N,3,112,112]</c> → <c>landmarks [N,136]</c>: 68 points, x and y in turn, as fractions of the side. N is free.</summary>
    public const string Landmarks = "face-landmarks.onnx";

    /// <summary>Sides of the detector's input, in the order of trial; one graph each. The first suits most pictures, the others faces that are small in, or fill, the picture.</summary>
    public static ImmutableArray<int> DetectorSizes { get; } = [320, 608, 160];

    /// <summary><c>image [1,3,S,S]</c> → <c>cells [1,25,S/32,S/32]</c>: per cell five anchors × (x, y, log width, log height, score), raw.</summary>
    public static string Detector(int size) => $"face-detector-{size}.onnx";
}
