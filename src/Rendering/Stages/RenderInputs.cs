using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Reports;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Inputs and settings of a run, all checked.</summary>
/// <param name="Settings">Defaults resolved.</param>
/// <param name="Portrait">The whole picture.</param>
/// <param name="Video">The driving video.</param>
/// <param name="Files">For the report.</param>
internal sealed record RenderInputs(RenderDefaults Settings, RgbImage Portrait, VideoInfo Video, IReadOnlyList<InputSummary> Files)
{
    /// <summary>Cheap checks first.</summary>
    public static async Task<RenderInputs> ReadAsync(RenderRequest request, ModelManifest model, CancellationToken cancellationToken)
    {
        var settings = SettingsResolver.Resolve(request.Sampling, model);
        var portrait = new PictureReader().Read(request.PortraitPath);
        var video = await new VideoProbe().ProbeAsync(request.DrivingPath, cancellationToken).ConfigureAwait(false);
        InputSummary[] files = [Describe("portrait", request.PortraitPath, cancellationToken), Describe("driving", request.DrivingPath, cancellationToken)];
        return new RenderInputs(settings, portrait, video, files);
    }

    /// <summary>How many frames the wanted part has: exact for a constant rate, a guess otherwise.</summary>
    public int ExpectedFrames(VideoRange range)
    {
        var wanted = range.Duration ?? TimeSpan.MaxValue;
        var left = Video.Duration - range.Start;
        var frames = Math.Ceiling((wanted < left ? wanted : left).TotalSeconds * Video.Timing.AverageRate.Value);
        return (int)Math.Clamp(frames, 1, Math.Min(Video.FrameCount, int.MaxValue));
    }

    private static InputSummary Describe(string role, string path, CancellationToken cancellationToken) =>
        new(role, Path.GetFullPath(path), new FileInfo(path).Length, ContentHash.OfFile(path, cancellationToken));
}
