using System.Globalization;

namespace HunyuanPortrait.Media.Video;

/// <summary>ffmpeg filters between a source's colours and 8-bit RGB with BT.709 primaries, and back.</summary>
internal static class ColourFilters
{
    private const int HighDefinitionHeight = 720;

    /// <summary>What diffuse white becomes, cd/m² (BT.2408).</summary>
    private const int ReferenceWhite = 203;

    public static bool HasOblongPixels(VideoColour colour) =>
        colour.SampleAspect.IsPositive && colour.SampleAspect.Numerator != colour.SampleAspect.Denominator;

    /// <summary>Source → RGB. Upright already: ffmpeg turns frames before the first filter.</summary>
    public static string ToRgb(VideoInfo video)
    {
        List<string> filters = [];
        if (video.Colour.IsHighDynamicRange)
            filters.Add(ToneMapping(video.Colour));
        else if (IsWideGamut(video.Colour))
            filters.Add($"zscale=min={Matrix(video)}:pin=bt2020:tin=bt709:p=bt709:t=bt709,format=gbrp");
        var size = HasOblongPixels(video.Colour)
            ? string.Create(CultureInfo.InvariantCulture, $"w={video.Width}:h={video.Height}:")
            : "";
        var range = video.Colour.FullRange ? "pc" : "tv";

        // Without accurate rounding: these are then bit by bit the frames that the reference reads.
        filters.Add(filters.Count > 0 || IsRgb(video.Colour)
            ? $"scale={size}flags=bicubic+accurate_rnd"
            : $"scale={size}in_color_matrix={ScaleMatrix(video)}:in_range={range}:out_range=pc:flags=bicubic");
        filters.Add("format=rgb24");
        return string.Join(',', filters);
    }

    /// <summary>RGB → what players expect: 4:2:0, BT.709, limited range. An odd side gets one more row or column like its last.</summary>
    public static string FromRgb(int width, int height)
    {
        var (padX, padY) = (width & 1, height & 1);
        var even = padX + padY == 0
            ? ""
            : $"format=gbrp,pad={width + padX}:{height + padY},fillborders=right={padX}:bottom={padY}:mode=smear,";
        return $"{even}scale=in_range=pc:out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_inp,format=yuv420p";
    }

    /// <summary>Linear light, BT.709 primaries, highlights rolled off without touching what is darker, then the ordinary transfer.</summary>
    private static string ToneMapping(VideoColour colour)
    {
        var matrix = colour.Matrix ?? "bt2020nc";
        var primaries = colour.Primaries ?? "bt2020";
        var range = colour.FullRange ? "pc" : "tv";
        return $"zscale=min={Zscale(matrix)}:pin={primaries}:tin={colour.Transfer}:rin={range}:t=linear:npl={ReferenceWhite},format=gbrpf32le,"
            + "zscale=p=bt709,tonemap=mobius:param=0.7:desat=0,zscale=t=bt709:m=gbr:r=pc,format=gbrp";
    }

    private static bool IsWideGamut(VideoColour colour) => colour.Primaries == "bt2020" && !IsRgb(colour);

    private static bool IsRgb(VideoColour colour) =>
        colour.Matrix == "gbr" || colour.PixelFormat.Contains("rgb", StringComparison.Ordinal) || colour.PixelFormat.Contains("bgr", StringComparison.Ordinal)
        || colour.PixelFormat.StartsWith("gbr", StringComparison.Ordinal) || colour.PixelFormat.StartsWith("pal", StringComparison.Ordinal);

    private static string Matrix(VideoInfo video) => Zscale(video.Colour.Matrix ?? "bt2020nc");

    /// <summary>The matrix in the scale filter's names. Files that say nothing follow the custom: HD is BT.709, smaller is BT.601.</summary>
    private static string ScaleMatrix(VideoInfo video) => video.Colour.Matrix switch
    {
        "bt709" => "bt709",
        "bt470bg" or "smpte170m" => "smpte170m",
        "smpte240m" => "smpte240m",
        "fcc" => "fcc",
        "bt2020nc" or "bt2020c" => "bt2020",
        _ => Math.Min(video.Height, video.Width) >= HighDefinitionHeight ? "bt709" : "smpte170m",
    };

    private static string Zscale(string matrix) => matrix switch
    {
        "bt2020nc" => "2020_ncl",
        "bt2020c" => "2020_cl",
        "smpte170m" => "170m",
        "bt470bg" => "470bg",
        "bt709" => "709",
        _ => matrix,
    };
}
