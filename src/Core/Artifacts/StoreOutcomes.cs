using System.Diagnostics.CodeAnalysis;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>What became of a write-once artifact.</summary>
public enum CreateOutcome
{
    /// <summary>This call wrote it.</summary>
    Created,

    /// <summary>It was there already, and stays as it was.</summary>
    Exists,
}

/// <summary>What became of a removal.</summary>
public enum DeleteOutcome
{
    /// <summary>It was there and is gone.</summary>
    Deleted,

    /// <summary>There was nothing under the key.</summary>
    Missing,

    /// <summary>It is there in another version, and stays.</summary>
    Conflict,
}

/// <summary>What became of a replacement.</summary>
/// <param name="ETag">The version that was written; null when the record was not in the expected version, and stays as it was.</param>
public readonly record struct ReplaceOutcome(string? ETag)
{
    /// <summary>Somebody else wrote or removed the record since it was read.</summary>
    public static ReplaceOutcome Conflict => default;

    /// <summary>Whether this call wrote the record.</summary>
    [MemberNotNullWhen(true, nameof(ETag))]
    public bool Replaced => ETag is not null;
}

/// <summary>A record as it was when it was read.</summary>
/// <param name="Content">All of it.</param>
/// <param name="ETag">Its version: differs from that of every earlier content. Compare for equality only.</param>
public sealed record StoredRecord(ReadOnlyMemory<byte> Content, string ETag);

/// <summary>One line of a listing.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastModified">When it was written, by the clock of the store.</param>
public sealed record ArtifactInfo(ArtifactKey Key, long Length, DateTimeOffset LastModified);
