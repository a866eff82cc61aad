using System.Text.Json;
using System.Text.Json.Serialization;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Storage.Histories;

/// <summary>One line of a process's history.</summary>
/// <param name="At">
/// When it was noted, as <see cref="TimeProvider.GetTimestamp"/> counts. Processes on one machine have one such clock, so their lines can be put in
/// order; lines of several machines cannot.
/// </param>
/// <param name="Entry">What happened.</param>
public sealed record HistoryLine(long At, HistoryEntry Entry)
{
    internal byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, HistoryLineContext.Default.HistoryLine), (byte)'\n'];

    internal static HistoryLine Parse(string text) =>
        JsonSerializer.Deserialize(text, HistoryLineContext.Default.HistoryLine) ?? throw new JsonException("It holds null.");
}

/// <summary>Generated at build time, so that nothing is found by reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(HistoryLine))]
internal sealed partial class HistoryLineContext : JsonSerializerContext;
