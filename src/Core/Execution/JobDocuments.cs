using System.Text.Json;
using System.Text.Json.Serialization;

namespace HunyuanPortrait.Core.Execution;

/// <summary>The documents of a job as UTF-8 JSON: camel case, names for enumerations, nothing unknown, nothing missing. Equal values give equal bytes.</summary>
public static class JobDocuments
{
    /// <summary>Writes a specification.</summary>
    public static byte[] Write(JobSpecification specification) =>
        JsonSerializer.SerializeToUtf8Bytes(specification, JobDocumentContext.Default.JobSpecification);

    /// <summary>Writes a preparation.</summary>
    public static byte[] Write(Preparation preparation) => JsonSerializer.SerializeToUtf8Bytes(preparation, JobDocumentContext.Default.Preparation);

    /// <summary>Writes a motion track.</summary>
    public static byte[] Write(MotionTrack track) => JsonSerializer.SerializeToUtf8Bytes(track, JobDocumentContext.Default.MotionTrack);

    /// <summary>Reads a specification.</summary>
    /// <exception cref="Errors.RenderException">HP5201: it is malformed or contradicts itself.</exception>
    public static JobSpecification ReadSpecification(ReadOnlySpan<byte> utf8)
    {
        var specification = Read(utf8, "job specification", JobDocumentContext.Default.JobSpecification);
        SpecificationRules.Require(specification);
        return specification;
    }

    /// <summary>Reads a preparation.</summary>
    /// <exception cref="Errors.RenderException">HP5201: it is malformed.</exception>
    public static Preparation ReadPreparation(ReadOnlySpan<byte> utf8) => Read(utf8, "preparation", JobDocumentContext.Default.Preparation);

    /// <summary>Reads a motion track.</summary>
    /// <exception cref="Errors.RenderException">HP5201: it is malformed.</exception>
    public static MotionTrack ReadMotionTrack(ReadOnlySpan<byte> utf8) => Read(utf8, "motion track", JobDocumentContext.Default.MotionTrack);

    private static T Read<T>(ReadOnlySpan<byte> utf8, string what, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException exception)
        {
            throw ExecutionErrors.MalformedDocument(what, exception);
        }
    }
}

/// <summary>Generated at build time, so that nothing is found by reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JobSpecification))]
[JsonSerializable(typeof(Preparation))]
[JsonSerializable(typeof(MotionTrack))]
internal sealed partial class JobDocumentContext : JsonSerializerContext;
