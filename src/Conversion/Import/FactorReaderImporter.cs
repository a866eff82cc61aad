using System.Text.Json;
using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Motion;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>Converts what <c>training.train_reader</c> wrote into the files of <c>models/factor-reader</c>: one graph with fp16 weights, and its manifest.</summary>
public static class FactorReaderImporter
{
    private const string WeightsName = "factor_reader.safetensors";

    /// <summary>Same input, same bytes.</summary>
    /// <param name="fromDir">Holds the weights and <c>reader.json</c>.</param>
    /// <param name="toDir">Created when it is missing; files of the same names are replaced.</param>
    /// <exception cref="Core.Errors.RenderException">HP20xx: files are missing or damaged, or the weights do not fit.</exception>
    public static FactorReaderManifest Import(string fromDir, string toDir)
    {
        var weightsPath = Path.Combine(fromDir, WeightsName);
        var description = Describe(Path.Combine(fromDir, FactorReaderManifest.FileName));
        using var checkpoint = Checkpoint.Open(weightsPath);
        var weights = new Weights(checkpoint, TensorType.Float16);
        var graph = new GraphBuilder("factor-reader");
        ExpressionGraph.Build(new PortableDialect(graph, weights), description.Network, description.CropSize);
        if (weights.FindProblems() is { Count: > 0 } problems)
            throw CheckpointErrors.WeightsDoNotFit(fromDir, problems);
        return Write(toDir, graph, description, new SourceFile(WeightsName, new FileInfo(weightsPath).Length, FileHash.Sha256(weightsPath, default)));
    }

    private static FactorReaderManifest Write(string toDir, GraphBuilder graph, Description description, SourceFile source)
    {
        try
        {
            Directory.CreateDirectory(toDir);
            var path = Path.Combine(toDir, FactorReaderManifest.GraphName);
            File.WriteAllBytes(path, OnnxWriter.ToBytes(graph));
            var manifest = new FactorReaderManifest(
                FactorReaderManifest.Version, description.Factors, description.PictureSize, description.WorkSize, description.CropSize,
                FactorReaderManifest.GraphName, FileHash.Sha256(path, default), description.R2, source);
            File.WriteAllBytes(Path.Combine(toDir, FactorReaderManifest.FileName), manifest.Serialize());
            return manifest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.NotWritable(toDir, exception);
        }
    }

    private static Description Describe(string path)
    {
        if (!File.Exists(path))
            throw CheckpointErrors.NotReadable(path, "there is no such file");
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path))!;
            return new Description(
                [.. json["factors"]!.AsArray().Select(name => (string)name!)],
                (int)json["pictureSize"]!, (int)json["workSize"]!, (int)json["cropSize"]!,
                Architecture.ParsePart<ResNetConfiguration>(json["network"]!),
                json["r2"]!.Deserialize<Dictionary<string, IReadOnlyDictionary<string, double>>>()!);
        }
        catch (Exception exception) when (exception is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw CheckpointErrors.BadConfiguration(path, [exception.Message]);
        }
    }

    private sealed record Description(
        IReadOnlyList<string> Factors, int PictureSize, int WorkSize, int CropSize, ResNetConfiguration Network,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> R2);
}
