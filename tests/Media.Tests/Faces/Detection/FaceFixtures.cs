using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Pictures;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

/// <summary>The face networks of the repository and the photograph that the tests look at.</summary>
internal static class FaceFixtures
{
    public static readonly OnnxNetworkLoader Loader = new(new DeviceOptions { IntraOpThreads = 2 });

    public static string Models { get; } = FindModels();

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "faces", file);

    /// <summary>One frontal face, about 95 pixels wide, upper middle of 320×320.</summary>
    public static RgbImage Astronaut() => new PictureReader { IgnoreColourProfile = true }.Read(PathOf("astronaut.png"));

    /// <summary>A grey canvas with a picture pasted at a place, enlarged by whole factors.</summary>
    public static RgbImage Paste(RgbImage picture, (int Width, int Height) canvas, (int X, int Y) at, int enlarge = 1)
    {
        var result = RgbImage.Black(canvas.Width, canvas.Height);
        result.Pixels.Span.Fill(120);
        for (var y = Math.Max(at.Y, 0); y < Math.Min(at.Y + picture.Height * enlarge, canvas.Height); y++)
        {
            var source = picture.Row((y - at.Y) / enlarge);
            for (var x = Math.Max(at.X, 0); x < Math.Min(at.X + picture.Width * enlarge, canvas.Width); x++)
                source.Slice((x - at.X) / enlarge * RgbImage.Channels, RgbImage.Channels).CopyTo(result.Row(y)[(x * RgbImage.Channels)..]);
        }

        return result;
    }

    private static string FindModels()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HunyuanPortrait.sln")))
                return Path.Combine(folder.FullName, "models", "faces");
        }

        throw new DirectoryNotFoundException("No folder above the tests holds HunyuanPortrait.sln.");
    }
}
