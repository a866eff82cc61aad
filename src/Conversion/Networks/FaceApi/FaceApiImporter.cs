using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>Converts the weights of the npm package <c>@vladmandic/face-api</c> (MIT) into the graphs of <c>models/faces</c>.</summary>
public static class FaceApiImporter
{
    /// <summary>Reads the package's <c>model</c> folder and writes the graphs; same input, same bytes.</summary>
    /// <param name="fromDir">The <c>model</c> folder of the unpacked package.</param>
    /// <param name="toDir">Created when it is missing; files of the same names are replaced.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="RenderException">A weight file is missing, damaged or another model's (HP2001 … HP2015).</exception>
    public static IReadOnlyList<string> Import(string fromDir, string toDir)
    {
        var graphs = Build(fromDir);
        Directory.CreateDirectory(toDir);
        return [.. graphs.Select(graph => Write(Path.Combine(toDir, graph.File), graph.Graph))];
    }

    private static List<(string File, GraphBuilder Graph)> Build(string fromDir)
    {
        var detector = FaceApiWeights.Read(fromDir, TinyFaceDetectorNetwork.WeightsName);
        var graphs = FaceNetworkFiles.DetectorSizes.Select(size => (FaceNetworkFiles.Detector(size), TinyFaceDetectorNetwork.Build(detector, size))).ToList();
        graphs.Add((FaceNetworkFiles.Landmarks, FaceLandmarkNetwork.Build(FaceApiWeights.Read(fromDir, FaceLandmarkNetwork.WeightsName))));
        return graphs;
    }

    private static string Write(string path, GraphBuilder graph)
    {
        File.WriteAllBytes(path, OnnxWriter.ToBytes(graph));
        return path;
    }
}
