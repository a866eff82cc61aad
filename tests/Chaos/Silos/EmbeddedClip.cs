using System.Text;
using HunyuanPortrait.Cluster.Tests.Clips;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Rendering.Jobs;

namespace HunyuanPortrait.Chaos.Silos;

/// <summary>A drawn clip, and the job of rendering it with the model that comes with the product. The frames and the sound of the video have to be those of one machine.</summary>
internal sealed class EmbeddedClip : IDisposable
{
    private const int Windows = 8;
    private const int Steps = 10;

    // Three GPU silos share the cores; all of them and the one machine are one device class.
    private const int Threads = 1;

    private static readonly string? Model = FindModel();

    private readonly DrawnClip clip;

    private EmbeddedClip(DrawnClip clip, TestedJob job) => (this.clip, Job) = (clip, job);

    /// <summary>Why there can be no such job; null when there can.</summary>
    public static string? Missing => Model is null ? "models/embedded is not there." : null;

    public TestedJob Job { get; }

    /// <summary>Draws the clip and renders it on one machine.</summary>
    public static async Task<EmbeddedClip> RenderAsync(CancellationToken cancellationToken)
    {
        var device = new DeviceOptions { IntraOpThreads = Threads };
        using var model = PortraitModel.Open(Model!, new OnnxNetworkLoader(device));
        var defaults = model.Manifest.Defaults;
        var frames = Windows * (defaults.Windows.Length - defaults.Windows.Overlap) - 2 * defaults.PaddingFrames - 1;
        var clip = await DrawnClip.DrawAsync(frames, cancellationToken);
        try
        {
            var request = clip.Request(Model!, Steps, "one-machine.mp4") with { Device = device };
            var expected = await OneMachine.RenderAsync(request, model, cancellationToken);
            Task<JobSpecification> ComposeAsync(IArtifactStore store) =>
                new JobComposer(store).ComposeAsync(request, model.Manifest, CancellationToken.None);
            var specification = await ComposeAsync(new MemoryArtifactStore(TimeProvider.System));
            return new EmbeddedClip(clip, new TestedJob(
                specification, TestedJob.Result(expected.Latents, Encoding.UTF8.GetBytes(expected.Hashes)), ComposeAsync)
            {
                DeviceArguments = [.. SiloProcess.Option("Silo:Models:0", Model!), .. SiloProcess.Option("Silo:Threads", Threads)],
                Timeout = TimeSpan.FromMinutes(15),
                ContentOfAsync = async (video, token) => Encoding.UTF8.GetBytes(await HashesAsync(clip, video, token)),
            });
        }
        catch
        {
            clip.Dispose();
            throw;
        }
    }

    public void Dispose() => clip.Dispose();

    private static async Task<string> HashesAsync(DrawnClip clip, ReadOnlyMemory<byte> video, CancellationToken cancellationToken)
    {
        var file = clip.File("cluster.mp4");
        await File.WriteAllBytesAsync(file, video, cancellationToken);
        return await DrawnClip.HashesAsync(file, cancellationToken);
    }

    private static string? FindModel()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "models", "embedded");
            if (File.Exists(Path.Combine(model, "model.json")))
                return model;
        }

        return null;
    }
}
