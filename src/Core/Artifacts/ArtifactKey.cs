using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>
/// The name of an artifact or of a folder of artifacts: parts of letters, digits and <c>. _ - =</c>, separated by <c>/</c>, as in
/// <c>jobs/7f3a/latents/12/3</c>. Every key is a valid path of every store, on every platform.
/// </summary>
/// <remarks>
/// A part does not start with a dot (stores keep their own files under such names) and does not end with one, and has at most
/// <see cref="MaxPartLength"/> characters; the key has at most <see cref="MaxLength"/>. Keys differ by more than case. A key does not name an
/// artifact and a folder at the same time.
/// </remarks>
public sealed record ArtifactKey
{
    /// <summary>Characters of the longest key.</summary>
    public const int MaxLength = 512;

    /// <summary>Characters of the longest part.</summary>
    public const int MaxPartLength = 200;

    private const char EscapeMark = '=';

    // Without the escape mark: what a part may hold as it is.
    private const string PlainLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainLetters);

    private static readonly SearchValues<char> Letters = SearchValues.Create([.. PlainLetters, EscapeMark]);

    private ArtifactKey(string value) => Value = value;

    /// <summary>The whole key.</summary>
    public string Value { get; }

    /// <summary>The key of several parts, which may be keys of several parts themselves.</summary>
    /// <exception cref="ArgumentException">A part breaks the rules; <see cref="Escape"/> makes one of any text.</exception>
    public static ArtifactKey Of(params ReadOnlySpan<string> parts) => Parse(string.Join('/', parts));

    /// <summary>Reads a key.</summary>
    /// <exception cref="ArgumentException">It breaks the rules.</exception>
    public static ArtifactKey Parse(string text) => TryParse(text, out var key)
        ? key
        : throw new ArgumentException($"'{text}' is not a key: parts of letters, digits and . _ - = separated by '/', none with a dot at either end.", nameof(text));

    /// <summary>Reads a key that may break the rules.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ArtifactKey? key)
    {
        key = text is { Length: > 0 and <= MaxLength } && AreParts(text) ? new ArtifactKey(text) : null;
        return key is not null;
    }

    /// <summary>One part of any text: what a part may not hold is written as its UTF-8 bytes, <c>=2F</c> for a slash. Different texts never collide.</summary>
    /// <exception cref="ArgumentException">The text is empty, or too long once it is written so.</exception>
    public static string Escape(string text)
    {
        var part = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index += char.IsSurrogatePair(text, index) ? 2 : 1)
            AppendEscaped(part, text, index);
        return part.Length is > 0 and <= MaxPartLength
            ? part.ToString()
            : throw new ArgumentException($"A part has 1 to {MaxPartLength} characters, this one {part.Length}.", nameof(text));
    }

    /// <summary>The key of something in this folder.</summary>
    /// <exception cref="ArgumentException">The name breaks the rules, or the key is too long.</exception>
    public static ArtifactKey operator /(ArtifactKey folder, string name) => Of(folder.Value, name);

    /// <summary>The key of something numbered in this folder.</summary>
    public static ArtifactKey operator /(ArtifactKey folder, long number) => Of(folder.Value, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether this key is below a folder, at any depth.</summary>
    public bool IsIn(ArtifactKey folder) =>
        Value.Length > folder.Value.Length && Value[folder.Value.Length] == '/' && Value.StartsWith(folder.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool AreParts(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('/'))
        {
            if (!IsPart(text[part]))
                return false;
        }

        return true;
    }

    private static bool IsPart(ReadOnlySpan<char> part) =>
        part.Length is > 0 and <= MaxPartLength && part[0] != '.' && part[^1] != '.' && !part.ContainsAnyExcept(Letters);

    private static void AppendEscaped(StringBuilder part, string text, int index)
    {
        var atEdge = index == 0 || index == text.Length - 1;
        if (Plain.Contains(text[index]) && !(atEdge && text[index] == '.'))
        {
            part.Append(text[index]);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        Rune.GetRuneAt(text, index).TryEncodeToUtf8(bytes, out var length);
        foreach (var value in bytes[..length])
            part.Append(CultureInfo.InvariantCulture, $"{EscapeMark}{value:X2}");
    }
}
