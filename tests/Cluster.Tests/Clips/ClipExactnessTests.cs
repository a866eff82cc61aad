using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Jobs;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Rendering.Jobs;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Workers.Artifacts;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>
/// A real clip, video in and video out, through real networks: latents, pictures, the video's frames and its sound are those of one machine, to the
/// last bit. The whole set, with one, two, three and seven GPU silos and both models, takes half an hour on two cores:
/// <c>PORTRAIT_EXACTNESS=all</c> and <c>--filter-class *ClipExactnessTests</c>.
/// </summary>
public sealed class ClipExactnessTests
{
    private const int Steps = 10;
    private const int Windows = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Which model, how many GPU silos.</summary>
    public static TheoryData<string, int> Cases() => Environment.GetEnvironmentVariable("PORTRAIT_EXACTNESS") == "all"
        ? new()
        {
            { nameof(ClipModels.Embedded), 1 }, { nameof(ClipModels.Embedded), 2 }, { nameof(ClipModels.Embedded), 3 }, { nameof(ClipModels.Embedded), 7 },
            { nameof(ClipModels.StandIn), 1 }, { nameof(ClipModels.StandIn), 2 }, { nameof(ClipModels.StandIn), 3 }, { nameof(ClipModels.StandIn), 7 },
        }
        : new() { { nameof(ClipModels.Embedded), 3 } };

    [Theory, MemberData(nameof(Cases))]
    public Task Clip_AnyNumberOfGpuSilos_GivesTheBytesOfOneMachine(string model, int gpuSilos)
    {
        Assert.SkipUnless(model != nameof(ClipModels.Embedded) || ClipModels.Embedded is not null, "needs models/embedded");
        return RequireSameAsync(model == nameof(ClipModels.Embedded) ? ClipModels.Embedded! : ClipModels.StandIn, gpuSilos);
    }

    private static async Task RequireSameAsync(string directory, int gpuSilos)
    {
        var (model, device) = ClipModels.Open(directory);
        using var owned = model;
        using var clip = await DrawnClip.DrawAsync(FramesFor(model), Token);
        var request = clip.Request(directory, Steps, "one-machine.mp4");
        var expected = await OneMachine.RenderAsync(request, model, Token);

        using var store = await LocalArtifactStore.OpenAsync(clip.File("store"), "test", Token);
        var specification = await new JobComposer(store).ComposeAsync(request, model.Manifest, Token);
        var plan = new TaskPlan(specification.Shape(specification.FrameCount));
        Assert.Equal((Windows, Steps), (plan.Segments.WindowCount, plan.Shape.StepCount));
        await using var cluster = await SimulatedCluster.StartAsync(Plan(device, gpuSilos), store);
        var view = await RunAsync(cluster, specification);

        Assert.True(view.State == JobStateView.Succeeded, $"{view.State}: {view.Failure}");
        Assert.Equal(expected.Latents, await cluster.FinalLatentsAsync(view.Job, specification));
        Assert.Equal(expected.Pictures, await PicturesAsync(store, view.Job, plan));
        await File.WriteAllBytesAsync(clip.File("cluster.mp4"), await cluster.VideoAsync(view), Token);
        Assert.Equal(expected.Hashes, await DrawnClip.HashesAsync(clip.File("cluster.mp4"), Token));
        cluster.History.RequireExactlyOnce(view.Job, plan);
        RequireSharedWork(cluster, gpuSilos);
    }

    private static int FramesFor(PortraitModel model)
    {
        var defaults = model.Manifest.Defaults;
        return Windows * (defaults.Windows.Length - defaults.Windows.Overlap) - 2 * defaults.PaddingFrames - 1;
    }

    private static ClusterPlan Plan(DeviceModels device, int gpuSilos) => new()
    {
        GpuSilos = gpuSilos,
        Device = silo => ClipModels.Ports(new DelayedDevice(device, 100 * gpuSilos + silo)),
        Coordination = options => (options.KeepIntermediates, options.LeaseDuration) = (true, TimeSpan.FromMinutes(5)),
    };

    private static async Task<RenderJobView> RunAsync(SimulatedCluster cluster, JobSpecification specification)
    {
        var submission = JobSubmissions.Of(new JobTerms("studio", ClientKey: "clip"), specification);
        var job = JobId.Of(submission.Tenant, submission.ClientKey);
        await cluster.Job(job).SubmitAsync(submission, Token);
        return await cluster.WaitAsync(job, view => view.HasEnded, Token, seconds: 1200);
    }

    private static async Task<IReadOnlyList<byte[]>> PicturesAsync(LocalArtifactStore store, string job, TaskPlan plan)
    {
        var pictures = new List<byte[]>();
        for (var chunk = 0; chunk < plan.DecodeChunks.Length; chunk++)
        {
            var results = await store.ListAsync(ArtifactKeys.Job(job) / nameof(TaskKind.DecodeChunk) / chunk, Token).ToListAsync(Token);
            var key = Assert.Single(results).Key;
            var content = (await store.ReadAsync(key, Token))!.Content.ToArray();
            pictures.AddRange(PictureArtifact.Read(key, content).Select(picture => picture.Pixels.ToArray()));
        }

        return pictures;
    }

    private static void RequireSharedWork(SimulatedCluster cluster, int gpuSilos) => Assert.Equal(
        gpuSilos, cluster.History.Entries.Where(entry => entry.Kind == HistoryKind.Complete).Select(entry => entry.Actor).Distinct().Count());
}
