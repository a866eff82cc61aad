using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HunyuanPortrait.Core.Models;

/// <summary>Reads and writes <c>model.json</c>: camel case, names for enumerations, nothing unknown, nothing missing.</summary>
public static class ModelManifestJson
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int FormatVersion = 1;

    private const string VersionKey = "formatVersion";

    /// <summary>Reads a manifest.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="Errors.RenderException">HP2901 malformed, HP2902 unknown version, HP2903 contradictory.</exception>
    public static ModelManifest Parse(ReadOnlySpan<byte> utf8, string source)
    {
        var manifest = Deserialize(utf8, source);
        var failures = ManifestRules.Failures(manifest).ToList();
        return failures.Count == 0 ? manifest : throw ModelErrors.Contradictory(source, failures);
    }

    /// <summary>Writes a manifest, indented, UTF-8, ending with a newline.</summary>
    public static byte[] Serialize(ModelManifest manifest) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJsonContext.Default.ModelManifest), (byte)'\n'];

    private static ModelManifest Deserialize(ReadOnlySpan<byte> utf8, string source)
    {
        try
        {
            var node = JsonNode.Parse(utf8) as JsonObject ?? throw new JsonException("The file does not hold a JSON object.");
            var version = node[VersionKey] is JsonValue value && value.TryGetValue<int>(out var number)
                ? number
                : throw new JsonException($"There is no number '{VersionKey}'.");
            if (version != FormatVersion)
                throw ModelErrors.UnknownVersion(source, version);
            return node.Deserialize(ManifestJsonContext.Default.ModelManifest) ?? throw new JsonException("The file holds null.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // ArgumentException: System.Text.Json reports a repeated property of a JsonObject so.
            throw ModelErrors.Malformed(source, exception);
        }
    }
}

/// <summary>Generated at build time, so that nothing is found by reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(FactorReaderManifest))]
internal sealed partial class ManifestJsonContext : JsonSerializerContext;
