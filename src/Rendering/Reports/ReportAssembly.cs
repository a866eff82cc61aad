using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Rendering.Stages;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Rendering.Reports;

/// <summary>What a run knows at its end → its report.</summary>
internal static class ReportAssembly
{
    public static RenderReport Of(
        RenderRequest request, ModelManifest model, RenderInputs inputs, int executedSteps, FaceCounts faces, VideoInfo written, StageClock stages) => new(
        Output(request, written),
        new ModelSummary(
            Path.GetFullPath(request.ModelDirectory), model.Name, model.Kind, model.Precision,
            ContentHash.OfFile(Path.Combine(request.ModelDirectory, ModelDirectory.ManifestName))),
        new RunSettings(inputs.Settings, executedSteps, request.Faces.Missing, request.PasteBack, request.Device.Provider, request.Device.IntraOpThreads),
        inputs.Files,
        new FaceSummary(faces.Held, faces.Dropped),
        stages.Timings,
        stages.TotalSeconds,
        PeakMemory.Bytes(),
        Warnings(model, faces));

    private static OutputSummary Output(RenderRequest request, VideoInfo written) => new(
        Path.GetFullPath(request.OutputPath),
        new FileInfo(request.OutputPath).Length,
        written.FrameCount,
        (written.Timing.ConstantRate ?? written.Timing.AverageRate).ToString(),
        Seconds(written),
        written.Width,
        written.Height,
        written.Audio is not null);

    /// <summary>Up to the end of the last frame, also where the file does not say how long it lasts.</summary>
    private static double Seconds(VideoInfo written) =>
        written.Timing.ConstantRate is { } rate ? written.FrameCount / rate.Value : written.Duration.TotalSeconds;

    private static List<string> Warnings(ModelManifest model, FaceCounts faces)
    {
        var warnings = new List<string>();
        if (model.Kind == ModelKind.StandIn)
            warnings.Add($"the model '{model.Name}' has random weights: these pictures mean nothing. Import the published weights with 'models import'.");
        if (model.Kind == ModelKind.Embedded)
            warnings.Add($"the model '{model.Name}' was trained on drawn portraits: a person in a photograph will not be recognised. Import the published weights with 'models import' for photographs.");
        if (faces.Held > 0)
            warnings.Add($"{faces.Held} of {faces.Frames} driving frames have no face of their own; the last one was held.");
        if (faces.Dropped > 0)
            warnings.Add($"{faces.Dropped} of {faces.Frames} driving frames have no face and were left out.");
        return warnings;
    }
}
