using System.Globalization;
using System.Text.Json;

namespace HunyuanPortrait.Media.Video;

/// <summary>What ffprobe prints about a file, as JSON.</summary>
internal sealed class ProbeReport(JsonDocument document) : IDisposable
{
    public IEnumerable<ProbeStream> Streams =>
        document.RootElement.TryGetProperty("streams", out var streams) ? streams.EnumerateArray().Select(stream => new ProbeStream(stream)) : [];

    public string Format => document.RootElement.TryGetProperty("format", out var format) ? new ProbeStream(format).Text("format_name") ?? "" : "";

    /// <summary>The first stream with moving pictures; covers of music files do not count.</summary>
    public ProbeStream? Video => Streams.Where(stream => stream.Kind == "video" && !stream.IsCover).Select(stream => (ProbeStream?)stream).FirstOrDefault();

    public AudioTrack? Audio => Streams.Where(stream => stream.Kind == "audio").Select(stream => new AudioTrack(stream.Index, stream.Text("codec_name") ?? "unknown")).FirstOrDefault();

    /// <summary>For a message.</summary>
    public string Kinds => Streams.Any() ? string.Join(" and ", Streams.Select(stream => stream.IsCover ? "a cover picture" : stream.Kind ?? "data").Distinct()) : "nothing";

    public void Dispose() => document.Dispose();
}

/// <summary>One stream (or the container) of a report.</summary>
internal readonly struct ProbeStream(JsonElement element)
{
    public int Index => (int)Number("index");

    public string? Kind => Text("codec_type");

    public bool IsCover => element.TryGetProperty("disposition", out var disposition)
        && disposition.TryGetProperty("attached_pic", out var cover) && cover.GetInt32() == 1;

    public Rational Fraction(string name) => Rational.Parse(Text(name));

    public string? Text(string name) => element.TryGetProperty(name, out var value) ? value.ToString() : null;

    /// <summary>A number, also when it is printed as text; 0 when it is missing.</summary>
    public long Number(string name) => long.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Degrees clockwise, from the display matrix (which counts the other way) or the older tag.</summary>
    public int Rotation
    {
        get
        {
            if (element.TryGetProperty("side_data_list", out var list))
            {
                foreach (var item in list.EnumerateArray())
                {
                    if (item.TryGetProperty("rotation", out var rotation))
                        return Upright(-rotation.GetInt32());
                }
            }

            return element.TryGetProperty("tags", out var tags) ? Upright((int)new ProbeStream(tags).Number("rotate")) : 0;
        }
    }

    private static int Upright(int degrees) => (degrees % 360 + 360) % 360;
}
