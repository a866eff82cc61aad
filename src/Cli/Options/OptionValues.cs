using System.Globalization;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cli.Options;

/// <summary>Texts of the command line → values. Every refusal names the option, the text and the expected form.</summary>
internal static class OptionValues
{
    public static int Integer(string option, string text, int least, int most)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw CliErrors.MalformedValue(option, text, "a whole number");
        if (value < least || value > most)
            throw CliErrors.ValueOutOfRange(option, text, most == int.MaxValue ? $"at least {least}" : $"{least} … {most}");
        return value;
    }

    public static ulong Seed(string option, string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw CliErrors.MalformedValue(option, text, "a whole number from 0 to 18446744073709551615");

    /// <summary>Which drawn person: 32 bits.</summary>
    public static uint IdentityNumber(string option, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw CliErrors.MalformedValue(option, text, "a whole number from 0 to 4294967295");

    /// <summary>A fraction in (0, 1].</summary>
    public static float Fraction(string option, string text)
    {
        var value = Number(option, text, "a number");
        return value is > 0 and <= 1 ? value : throw CliErrors.ValueOutOfRange(option, text, "more than 0, at most 1");
    }

    /// <summary><c>2.0</c> or <c>1:2.5</c>: a constant, or a ramp from the first executed step to the last.</summary>
    public static GuidanceRamp Ramp(string option, string text)
    {
        const string expected = "a number, or first:last for a ramp over the steps (such as 2.0 or 1:2.5)";
        var ends = text.Split(':');
        if (ends.Length > 2)
            throw CliErrors.MalformedValue(option, text, expected);
        var first = Number(option, ends[0], expected);
        var last = ends.Length == 2 ? Number(option, ends[1], expected) : first;
        if (Math.Min(first, last) < 0 || Math.Max(first, last) > 100)
            throw CliErrors.ValueOutOfRange(option, text, "0 … 100");
        return new GuidanceRamp(first, last);
    }

    /// <summary><c>length[,overlap[,shift]]</c>; what is not given stays null.</summary>
    public static (int Length, int? Overlap, int? Shift) Window(string option, string text)
    {
        var parts = text.Split(',');
        if (parts.Length > 3)
            throw CliErrors.MalformedValue(option, text, "length[,overlap[,shift]] (such as 25,3,3)");
        var length = Integer(option, parts[0], 1, 10_000);
        int? overlap = parts.Length > 1 ? Integer(option, parts[1], 0, length - 1) : null;
        int? shift = parts.Length > 2 ? Integer(option, parts[2], 0, 10_000) : null;
        return (length, overlap, shift);
    }

    /// <summary><c>x,y,w,h</c> in pixels.</summary>
    public static Box FaceBox(string option, string text)
    {
        var parts = text.Split(',');
        if (parts.Length != 4)
            throw CliErrors.MalformedValue(option, text, "x,y,w,h in pixels of the portrait (such as 140,90,230,260)");
        return Box.FromSize(
            Integer(option, parts[0], 0, int.MaxValue),
            Integer(option, parts[1], 0, int.MaxValue),
            Integer(option, parts[2], 1, int.MaxValue),
            Integer(option, parts[3], 1, int.MaxValue));
    }

    /// <summary>Seconds (<c>12.5</c>) or <c>[hours:]minutes:seconds</c> (<c>1:02.5</c>), as ffmpeg takes them.</summary>
    public static TimeSpan Time(string option, string text)
    {
        const string expected = "a time: seconds (12.5) or [hours:]minutes:seconds (1:02.5)";
        var parts = text.Split(':');
        if (parts.Length > 3)
            throw CliErrors.MalformedValue(option, text, expected);
        double seconds = 0;
        foreach (var part in parts)
            seconds = seconds * 60 + Number(option, part, expected);
        if (seconds is < 0 or > 1_000_000)
            throw CliErrors.ValueOutOfRange(option, text, "0 … 1000000 seconds");
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary><c>8x6</c>: rows × columns.</summary>
    public static (int Rows, int Columns) Grid(string option, string text)
    {
        var parts = text.Split('x');
        if (parts.Length != 2)
            throw CliErrors.MalformedValue(option, text, "rows x columns (such as 8x8)");
        return (Integer(option, parts[0], 1, 1000), Integer(option, parts[1], 1, 1000));
    }

    /// <summary>One of a few words.</summary>
    public static T Choice<T>(string option, string text, IReadOnlyDictionary<string, T> choices) =>
        choices.TryGetValue(text, out var value)
            ? value
            : throw CliErrors.MalformedValue(option, text, "one of " + string.Join(", ", choices.Keys));

    private static float Number(string option, string text, string expected) =>
        float.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw CliErrors.MalformedValue(option, text, expected);
}
