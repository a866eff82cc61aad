using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Faces.Detection;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Reports;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Storage.Frames;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>One run: the six stages in order.</summary>
internal sealed class RenderRun(RenderRequest request, StageClock stages, IDenoisingObserver? observer)
{
    public async Task<RenderReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        OutputTarget.Check(request.OutputPath, request.Overwrite, request.PortraitPath, request.DrivingPath);
        using var work = WorkFolder.Create(request.WorkDirectory);
        var stores = new MappedFrameStoreFactory(work.Path);
        using var model = PortraitModel.Open(request.ModelDirectory, new OnnxNetworkLoader(request.Device));
        var inputs = await stages.MeasureAsync(
            RenderStage.Validate, () => RenderInputs.ReadAsync(request, model.Manifest, cancellationToken)).ConfigureAwait(false);
        var steps = NoiseSchedule.Create(model.Manifest.Scheduler, inputs.Settings.InferenceSteps, inputs.Settings.Strength).StepCount;
        var guidance = GuidanceSchedule.Create(inputs.Settings.Guidance, steps);

        using var detector = stages.Measure(RenderStage.Load, () => new LoadStage(stages, request.Device).Run(model, guidance, cancellationToken));
        var (cut, conditioning) = stages.Measure(RenderStage.Portrait, () => EncodePortrait(model, detector, inputs, cancellationToken));
        var reading = new MotionReading(request, inputs, stages);
        using var motion = await stages.MeasureAsync(
            RenderStage.Motion, () => reading.ReadAsync(detector, model, stores, cancellationToken)).ConfigureAwait(false);
        var job = DenoisingJob.Create(model.Manifest, inputs.Settings, conditioning, motion.Tokens);
        using var latents = stages.Measure(RenderStage.Denoise, () => Denoise(model, job, stores, cancellationToken));
        var frames = Decode(model, latents, job.Padding, inputs, cut.Place, cancellationToken);
        var written = await stages.MeasureAsync(
            RenderStage.Decode, () => WriteAsync(frames, inputs.Video, motion.Times, cancellationToken)).ConfigureAwait(false);
        return ReportAssembly.Of(request, model.Manifest, inputs, steps, motion.Faces, written, stages);
    }

    private (PortraitCut Cut, PortraitConditioning Conditioning) EncodePortrait(
        PortraitModel model, FaceApiDetector detector, RenderInputs inputs, CancellationToken cancellationToken)
    {
        var cut = new PortraitCropper(detector, model.Manifest.Geometry).Cut(inputs.Portrait, request.Faces.Portrait);
        var conditioning = model.PortraitEncoder.Encode(cut.Crops, cancellationToken);
        stages.Report(new RenderProgress(RenderStage.Portrait, 1, 1, 0));
        return (cut, conditioning);
    }

    private IFrameStore Denoise(PortraitModel model, DenoisingJob job, IFrameStoreFactory stores, CancellationToken cancellationToken)
    {
        var windows = WindowPlanner.Plan(job.Padding.PaddedCount, job.Windows, 0).Length;
        var total = windows * job.Schedule.StepCount;
        void Report(DenoisingProgress position) => stages.Report(new RenderProgress(
            RenderStage.Denoise, (position.Step - 1) * windows + position.Window, total, (double)job.Padding.FrameCount / total,
            new DenoisingPosition(position.Step, position.StepCount, position.Window, position.WindowCount)));
        var loop = new DenoisingLoop(model.WindowDenoiser, stores) { Progress = new ProgressRelay<DenoisingProgress>(Report), Observer = observer };
        return loop.Run(job, cancellationToken);
    }

    /// <summary>Nothing is decoded until somebody asks for the pictures.</summary>
    private IEnumerable<RgbImage> Decode(
        PortraitModel model, IFrameStore latents, PaddingPlan padding, RenderInputs inputs, Core.Geometry.PixelRegion place, CancellationToken cancellationToken)
    {
        var chunkLength = inputs.Settings.DecodeChunkLength;
        var background = request.PasteBack ? new Background(inputs.Portrait, place) : null;
        var decoder = new ChunkDecoder(model.FrameDecoder, latents, model.Manifest.Geometry, chunkLength);
        return new DecodeStage(decoder, background, request.OutputSize).Frames(DecodePlan.Chunks(padding, chunkLength), cancellationToken);
    }

    private async Task<VideoInfo> WriteAsync(
        IEnumerable<RgbImage> frames, VideoInfo source, IReadOnlyList<long> times, CancellationToken cancellationToken)
    {
        VideoWriter? writer = null;
        try
        {
            var index = 0;
            foreach (var frame in frames)
            {
                writer ??= VideoWriter.Create(request.OutputPath, new VideoWriterOptions(frame.Width, frame.Height, source.Timing, source, request.Clip));
                await writer.WriteAsync(frame, times[index++], cancellationToken).ConfigureAwait(false);
                stages.Report(new RenderProgress(RenderStage.Decode, index, times.Count, 1));
            }

            await writer!.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return await new VideoProbe().ProbeAsync(request.OutputPath, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (writer is not null)
                await writer.DisposeAsync().ConfigureAwait(false);
        }
    }
}
