using System.Diagnostics.CodeAnalysis;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>What an uploaded picture or video is called: the SHA-256 of its content. The same content is the same asset, and is stored once.</summary>
public sealed record AssetId
{
    /// <summary>Hexadecimal digits of an id.</summary>
    public const int Length = 64;

    private const int FolderLength = 2;

    private AssetId(string sha256) => Sha256 = sha256;

    /// <summary>The folder of all assets.</summary>
    public static ArtifactKey Folder { get; } = ArtifactKey.Of("assets", "sha256");

    /// <summary>The hash, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Where the content is stored.</summary>
    public ArtifactKey Key => Folder / Sha256[..FolderLength] / Sha256;

    /// <summary>The id of content with this hash.</summary>
    /// <param name="hash">32 bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static AssetId Of(ReadOnlySpan<byte> hash) => Parse(Convert.ToHexStringLower(hash));

    /// <summary>Reads an id.</summary>
    /// <exception cref="ArgumentException">It is not 64 lower-case hexadecimal digits.</exception>
    public static AssetId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new ArgumentException($"'{text}' is not the SHA-256 of an asset: {Length} lower-case hexadecimal digits.", nameof(text));

    /// <summary>Reads an id that may be anything.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AssetId? id)
    {
        id = text is { Length: Length } && text.All(char.IsAsciiHexDigitLower) ? new AssetId(text) : null;
        return id is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Sha256;
}
