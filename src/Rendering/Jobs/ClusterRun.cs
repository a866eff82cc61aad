using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Faces.Detection;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Reports;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Rendering.Sources;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Jobs;

/// <summary>One run: checks, loads where the cluster is in this process, lets it work, writes the file.</summary>
internal sealed class ClusterRun(RenderRequest request, StageClock stages, StartLocalCluster start)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public async Task<RenderReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        OutputTarget.Check(request.OutputPath, request.Overwrite, request.PortraitPath, request.DrivingPath);
        using var work = WorkFolder.Create(request.WorkDirectory);
        using var model = PortraitModel.Open(request.ModelDirectory, new OnnxNetworkLoader(request.Device));
        var inputs = await stages.MeasureAsync(
            RenderStage.Validate, () => RenderInputs.ReadAsync(request, model.Manifest, cancellationToken)).ConfigureAwait(false);
        var steps = NoiseSchedule.Create(model.Manifest.Scheduler, inputs.Settings.InferenceSteps, inputs.Settings.Strength).StepCount;
        var guidance = GuidanceSchedule.Create(inputs.Settings.Guidance, steps);
        var follower = new JobFollower(stages);

        var load = stages.Begin(RenderStage.Load);
        FaceApiDetector? detector = null;
        try
        {
            var cluster = await start(
                () => Settings(work, model, detector = new LoadStage(stages, request.Device).Run(model, guidance, cancellationToken), follower),
                cancellationToken).ConfigureAwait(false);
            await using (cluster.ConfigureAwait(false))
            {
                stages.End(RenderStage.Load, load);
                var job = await new JobComposer(cluster.Store).ComposeAsync(request, model.Manifest, inputs, cancellationToken).ConfigureAwait(false);
                var ended = await WorkAsync(cluster, job, follower, cancellationToken).ConfigureAwait(false);
                var written = await PublishAsync(cluster.Store, ended, cancellationToken).ConfigureAwait(false);
                follower.Complete();
                var faces = await FacesAsync(cluster.Store, ended.Job, cancellationToken).ConfigureAwait(false);
                return ReportAssembly.Of(request, model.Manifest, inputs, steps, faces, written, stages);
            }
        }
        finally
        {
            detector?.Dispose();
        }
    }

    private LocalClusterSettings Settings(WorkFolder work, PortraitModel model, FaceApiDetector detector, JobFollower follower) => new(
        request.StoreDirectory ?? Path.Combine(work.Path, "store"), work.Path, DeviceModels.OfLoaded(model, request.Device),
        new PortraitSource(detector), new DrivingSource(detector, follower), new ClipWriter());

    private static async Task<JobStanding> WorkAsync(
        ILocalCluster cluster, JobSpecification job, JobFollower follower, CancellationToken cancellationToken)
    {
        var standing = await cluster.SubmitAsync(job, cancellationToken).ConfigureAwait(false);
        while (standing.State is not (JobState.Succeeded or JobState.Failed or JobState.Cancelled))
        {
            await follower.SeeAsync(standing, job, cluster.Store, cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(cluster.StoreRefusal, Task.Delay(PollInterval, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (cluster.StoreRefusal.IsCompleted)
                throw await cluster.StoreRefusal.ConfigureAwait(false);
            standing = await cluster.GetAsync(standing.Job, cancellationToken).ConfigureAwait(false);
        }

        if (standing.Failure is { } failure)
            throw new RenderException(failure.Code, failure.Message, isTransient: failure.IsTransient);
        await follower.SeeAsync(standing, job, cluster.Store, cancellationToken).ConfigureAwait(false);
        return standing;
    }

    private async Task<VideoInfo> PublishAsync(IArtifactStore store, JobStanding job, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(ArtifactKey.Parse(job.Video!), cancellationToken).ConfigureAwait(false)
            ?? throw ExecutionErrors.MissingArtifact(job.Video!);
        await using (content.ConfigureAwait(false))
            await VideoPublication.PublishAsync(content, request.OutputPath, cancellationToken).ConfigureAwait(false);
        return await new VideoProbe().ProbeAsync(request.OutputPath, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<FaceCounts> FacesAsync(IArtifactStore store, string job, CancellationToken cancellationToken)
    {
        var preparation = JobDocuments.ReadPreparation((await ReadAsync(store, ArtifactKeys.Preparation(job), cancellationToken).ConfigureAwait(false)).Span);
        var key = ArtifactKeys.MotionTrack(ArtifactKey.Parse(preparation.Motion));
        var track = JobDocuments.ReadMotionTrack((await ReadAsync(store, key, cancellationToken).ConfigureAwait(false)).Span);
        return new FaceCounts(track.Detected, track.Held, track.Dropped);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken) =>
        (await store.ReadAsync(key, cancellationToken).ConfigureAwait(false) ?? throw ExecutionErrors.MissingArtifact(key.Value)).Content;
}
