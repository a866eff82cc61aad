namespace HunyuanPortrait.Grains.Interfaces.Motion;

/// <summary>
/// Which motion tokens of a job exist; the key is the job. Announces them on the stream <see cref="MotionStreams.Namespace"/>; who missed an
/// announcement asks here.
/// </summary>
[Alias("hp.IMotionTrackGrain")]
public interface IMotionTrackGrain : IGrainWithStringKey
{
    /// <summary>Takes note of tokens and announces them. Again changes nothing.</summary>
    [Alias("Announce")]
    Task AnnounceAsync(MotionChunk chunk, CancellationToken cancellationToken = default);

    /// <summary>All tokens so far, by group.</summary>
    [Alias("GetChunks")]
    Task<IReadOnlyList<MotionChunk>> GetChunksAsync(CancellationToken cancellationToken = default);

    /// <summary>Forgets everything: the job has ended.</summary>
    [Alias("Discard")]
    Task DiscardAsync(CancellationToken cancellationToken = default);
}

/// <summary>The motion tokens of one group of frames.</summary>
[GenerateSerializer, Immutable, Alias("hp.MotionChunk")]
public sealed record MotionChunk
{
    /// <summary>Which group.</summary>
    [Id(0)] public required int Group { get; init; }

    /// <summary>Folder of the motion track that it belongs to.</summary>
    [Id(1)] public required string Motion { get; init; }

    /// <summary>Of the tokens, lower-case hexadecimal.</summary>
    [Id(2)] public required string Sha256 { get; init; }
}

/// <summary>The streams on which motion tokens are announced.</summary>
public static class MotionStreams
{
    /// <summary>Name of the stream provider.</summary>
    public const string Provider = "motion";

    /// <summary>Namespace of the streams; the key is the job.</summary>
    public const string Namespace = "motion-tokens";
}
