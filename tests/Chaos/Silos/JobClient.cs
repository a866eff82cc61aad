using System.Text;
using HunyuanPortrait.Chaos.Running;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Workers.Artifacts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HunyuanPortrait.Chaos.Silos;

/// <summary>A client of the cluster that repeats what was not answered.</summary>
internal sealed class JobClient(IHost host, IArtifactStore store, TestedJob job) : IJobClient
{
    private const string Job = "chaos-job";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private IRenderJobGrain Grain => host.Services.GetRequiredService<IClusterClient>().GetGrain<IRenderJobGrain>(Job);

    public async Task<string> SubmitAsync(CancellationToken cancellationToken)
    {
        var submission = new JobSubmission
        {
            Tenant = "chaos",
            ClientKey = "job",
            Specification = Encoding.UTF8.GetString(JobDocuments.Write(job.Specification)),
        };
        await RepeatAsync(() => Grain.SubmitAsync(submission, cancellationToken), cancellationToken);
        return Job;
    }

    public async Task<ReadOnlyMemory<byte>> WaitForResultAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = await RepeatAsync(() => Grain.GetAsync(cancellationToken), cancellationToken);
            if (view.State == JobStateView.Succeeded)
                return await ReadAsync(view.Video!, cancellationToken);
            if (view.State is JobStateView.Failed or JobStateView.Cancelled)
                throw new InvalidOperationException($"{id} ended as {view.State}: {view.Failure} {view.CancelReason}");
            await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        (store as IDisposable)?.Dispose();
    }

    private async Task<byte[]> ReadAsync(string video, CancellationToken cancellationToken)
    {
        var plan = job.Plan;
        var latents = new List<float>();
        for (var segment = 0; segment < plan.Segments.SegmentCount; segment++)
        {
            var key = ArtifactKeys.Latents(Job, segment, plan.Shape.StepCount - 1);
            var record = await store.ReadAsync(key, cancellationToken) ?? throw new InvalidOperationException($"{key} is not there.");
            latents.AddRange(TensorArtifact.Read(key, record.Content.Span)[0].Values);
        }

        var content = await store.ReadAsync(ArtifactKey.Parse(video), cancellationToken) ?? throw new InvalidOperationException($"{video} is not there.");
        var shown = await job.ContentOfAsync(content.Content, cancellationToken);
        return TestedJob.Result([.. latents], shown);
    }

    // Whoever asks a cluster that is being disturbed sees its silos go: time-outs, rejections, messages that expired (as cancellations). The run has a limit.
    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (failure is not RenderException { IsTransient: false } && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
            }
        }
    }
}
