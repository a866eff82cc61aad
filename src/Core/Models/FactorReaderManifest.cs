using System.Text.Json;

namespace HunyuanPortrait.Core.Models;

/// <summary><c>reader.json</c> beside the factor reader: the network that reads pose and expression from pictures of drawn portraits.</summary>
/// <param name="FormatVersion">Of this file.</param>
/// <param name="Factors">Names of the outputs, in order.</param>
/// <param name="PictureSize">Every picture is resized to this side first.</param>
/// <param name="WorkSize">Then to this side, in which the face is cut out.</param>
/// <param name="CropSize">Side of the network's input.</param>
/// <param name="File">The graph, <c>image [T,3,S,S]</c> in [0, 1] → <c>output [T,factors]</c> with T free; beside this file.</param>
/// <param name="Sha256">Of the graph, lower-case hex.</param>
/// <param name="R2">How well it reads held-out persons, by material and factor, when it was trained.</param>
/// <param name="Source">The weights that were converted.</param>
public sealed record FactorReaderManifest(
    int FormatVersion,
    IReadOnlyList<string> Factors,
    int PictureSize,
    int WorkSize,
    int CropSize,
    string File,
    string Sha256,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> R2,
    SourceFile Source)
{
    /// <summary>The only version there is.</summary>
    public const int Version = 1;

    /// <summary>File name of the manifest.</summary>
    public const string FileName = "reader.json";

    /// <summary>File name of the graph.</summary>
    public const string GraphName = "factor-reader.onnx";

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">It is not one, or it has another version.</exception>
    public static FactorReaderManifest Parse(ReadOnlySpan<byte> utf8)
    {
        var manifest = JsonSerializer.Deserialize(utf8, ManifestJsonContext.Default.FactorReaderManifest) ?? throw new JsonException("The file holds null.");
        return manifest.FormatVersion == Version ? manifest : throw new JsonException($"Format version {manifest.FormatVersion} is not {Version}.");
    }

    /// <summary>Indented, UTF-8, ending with a newline.</summary>
    public byte[] Serialize() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ManifestJsonContext.Default.FactorReaderManifest), (byte)'\n'];
}
