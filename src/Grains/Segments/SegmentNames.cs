using System.Globalization;

namespace HunyuanPortrait.Grains.Segments;

/// <summary>Keys of segment grains: <c>job/segment</c>.</summary>
internal static class SegmentNames
{
    public static string Of(string job, int segment) => string.Create(CultureInfo.InvariantCulture, $"{job}/{segment}");

    public static (string Job, int Segment) Parse(string key)
    {
        var split = key.LastIndexOf('/');
        return split > 0 && int.TryParse(key.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var segment)
            ? (key[..split], segment)
            : throw new ArgumentException($"'{key}' is no key of a segment.", nameof(key));
    }
}
