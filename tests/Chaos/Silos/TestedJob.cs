using System.Runtime.InteropServices;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Simulation;

namespace HunyuanPortrait.Chaos.Silos;

/// <summary>A job whose result is known, and the device that computes it.</summary>
/// <param name="Specification">What is submitted.</param>
/// <param name="Expected">What one machine computes: final latents and video, one after the other.</param>
/// <param name="StoreAssetsAsync">Stores what the specification names.</param>
internal sealed record TestedJob(JobSpecification Specification, ReadOnlyMemory<byte> Expected, Func<IArtifactStore, Task> StoreAssetsAsync)
{
    /// <summary>What a GPU silo is told about its device.</summary>
    public required IReadOnlyList<string> DeviceArguments { get; init; }

    /// <summary>How long a GPU silo may be silent while it works; shorter than every pause.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The job has to end within this time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>What of a video has to be the same; all of it by default.</summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>>> ContentOfAsync { get; init; } = (video, _) => Task.FromResult(video);

    /// <summary>The tasks of the job.</summary>
    public TaskPlan Plan => new(Specification.Shape(Specification.FrameCount));

    /// <summary>A simulated job.</summary>
    /// <param name="frames">Driving frames; 22 a window.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="window">What a window takes.</param>
    /// <param name="cancellationToken">Stops the one machine.</param>
    public static async Task<TestedJob> SimulateAsync(int frames, int steps, TimeSpan window, CancellationToken cancellationToken)
    {
        var specification = SimulatedJobs.Specification(frames, steps);
        var expected = await SimulatedJobs.RunOnOneMachineAsync(specification, cancellationToken);
        return new TestedJob(specification, Result(expected.Latents, expected.Video), SimulatedJobs.StoreAssetsAsync)
        {
            DeviceArguments =
            [
                .. SiloProcess.Option("Chaos:Simulated", true), .. SiloProcess.Option("Chaos:WindowMilliseconds", window.TotalMilliseconds),
                .. SiloProcess.Option("Silo:Models:0", "simulated"),
            ],
        };
    }

    /// <summary>Latents and video, one after the other.</summary>
    public static byte[] Result(ReadOnlySpan<float> latents, ReadOnlyMemory<byte> video) => [.. MemoryMarshal.AsBytes(latents), .. video.Span];
}
