using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Parity;
using HunyuanPortrait.Parity.Cases;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Clips;
using HunyuanPortrait.Workers;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>The sampling runs that were recorded from the reference implementation, as jobs of a cluster: the same tolerance as on one machine.</summary>
public sealed class LongSamplingTests
{
    private static readonly string? Golden = FindGolden();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases() => Golden is null
        ? new("none")
        : new(Directory.GetDirectories(Golden, "long-sampling-*").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Cases))]
    public async Task RecordedRun_ThreeGpuSilos_GivesTheRecordedLatents(string name)
    {
        Assert.SkipUnless(Golden is not null, "needs ../shared/reference/golden");
        using var directory = new CaseDirectory(Path.Combine(Golden!, name));
        var models = new List<RecordedModel>();
        try
        {
            await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan
            {
                GpuSilos = 3,
                Device = _ => PortsOf(directory, models),
                Coordination = options => (options.TasksInHand, options.LeaseDuration) = (1, TimeSpan.FromMinutes(5)),
            });
            var specification = SpecificationOf(models[0]);
            await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification), Token);
            var view = await cluster.WaitAsync("a", each => each.HasEnded, Token, seconds: 600);
            Assert.True(view.State == JobStateView.Succeeded, $"{view.State}: {view.Failure}");
            var final = await cluster.FinalLatentsAsync("a", specification);
            using var latents = new MemoryFrameStore(final.Length / models[0].Manifest.Geometry.LatentValues, models[0].Manifest.Geometry.LatentValues);
            final.CopyTo(latents.Values);
            var comparison = LongSamplingObserver.Compare(directory, "final_latents", latents);
            Assert.True(comparison.Passed, comparison.ToString());
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
    }

    private static TaskPorts PortsOf(CaseDirectory directory, List<RecordedModel> models)
    {
        var model = new RecordedModel(directory);
        lock (models)
            models.Add(model);
        var noise = new RecordedNoise(directory.Read("initial_noise").Data);
        return new TaskPorts(model, model, model, new SimulatedClipWriter()) { Noise = _ => noise };
    }

    private static JobSpecification SpecificationOf(RecordedModel model)
    {
        var any = SimulatedJobs.Specification(model.FrameCount, 1);
        return any with { Model = ModelIdentity.Of(model.Manifest), Settings = model.Manifest.Defaults };
    }

    private static string? FindGolden()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var golden = Path.Combine(folder.FullName, "shared", "reference", "golden");
            if (Directory.Exists(golden))
                return golden;
        }

        return null;
    }
}
