using System.Text.Json;
using System.Text.Json.Serialization;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media.Crops;

/// <summary>Where the face is in every frame of a clip (or in one picture), known beforehand: of drawings, nobody has to detect it.</summary>
public sealed class FaceTrack
{
    private readonly TrackContent content;

    private FaceTrack(string path, TrackContent content) => (Path, this.content) = (path, content);

    /// <summary>The file that it was read from.</summary>
    public string Path { get; }

    /// <summary>Frames whose face is known.</summary>
    public int Count => content.Faces.Count;

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="Core.Errors.RenderException">HP1307: it is missing or something else.</exception>
    public static FaceTrack Read(string path)
    {
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), FaceTrackJson.Default.TrackContent);
            if (content is not { Width: > 0, Height: > 0, Faces.Count: > 0 } || content.Faces.Any(face => face is not { Length: 4 + 2 * FaceLandmarks.Count }))
                throw MediaErrors.FaceTrackUnusable(path, "it does not list faces");
            return new FaceTrack(path, content);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.FaceTrackUnusable(path, exception.Message, exception);
        }
    }

    /// <summary>Writes faces as JSON: for every frame left, top, right, bottom of the box, then x and y of the five landmarks; pixels, to a tenth.</summary>
    /// <param name="path">The file; replaced.</param>
    /// <param name="width">Of the pictures.</param>
    /// <param name="height">Of the pictures.</param>
    /// <param name="faces">In the order of frames.</param>
    public static void Write(string path, int width, int height, IEnumerable<FaceDetection> faces)
    {
        double[] Numbers(FaceDetection face) =>
        [
            .. new[] { face.Box.Left, face.Box.Top, face.Box.Right, face.Box.Bottom }
                .Concat(face.Landmarks.Points.SelectMany(point => new[] { point.X, point.Y })).Select(value => Math.Round(value, 1)),
        ];
        using var target = OutputFile.Create(path);
        File.WriteAllBytes(target.TemporaryPath, [.. JsonSerializer.SerializeToUtf8Bytes(new TrackContent(width, height, [.. faces.Select(Numbers)]), FaceTrackJson.Default.TrackContent), (byte)'\n']);
        target.Publish();
    }

    /// <summary>The face of one frame.</summary>
    /// <exception cref="Core.Errors.RenderException">HP1306: the track is shorter; HP1307: the picture has another size.</exception>
    internal FaceDetection At(long frame, int width, int height)
    {
        if ((width, height) != (content.Width, content.Height))
            throw MediaErrors.FaceTrackUnusable(Path, $"it is about pictures of {content.Width}×{content.Height}, not {width}×{height}");
        if (frame >= Count)
            throw MediaErrors.FaceTrackTooShort(Path, Count, frame);
        var numbers = content.Faces[(int)frame];
        return new FaceDetection(
            new Box(numbers[0], numbers[1], numbers[2], numbers[3]),
            FaceLandmarks.FromPoints([.. Enumerable.Range(0, FaceLandmarks.Count).Select(i => new PicturePoint(numbers[4 + 2 * i], numbers[5 + 2 * i]))]), 1);
    }
}

/// <summary>What a face track's file holds.</summary>
internal sealed record TrackContent(int Width, int Height, IReadOnlyList<double[]> Faces);

/// <summary>Generated at build time, so that nothing is found by reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TrackContent))]
internal sealed partial class FaceTrackJson : JsonSerializerContext;
