using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Workers.Caches;
using HunyuanPortrait.Workers.Decoding;
using HunyuanPortrait.Workers.Denoising;
using HunyuanPortrait.Workers.Encoding;
using HunyuanPortrait.Workers.Preparing;

namespace HunyuanPortrait.Workers;

/// <summary>Runs every kind of task on one device. Thread-safe. Disposing removes its temporary files.</summary>
public sealed class TaskExecutor : ITaskExecutor, IDisposable
{
    private readonly JobMemory memory;
    private readonly ScratchFolder scratch;
    private readonly DeviceThreads threads = new();
    private readonly Dictionary<TaskKind, ITaskStage> stages;

    /// <summary>Puts the stages together.</summary>
    /// <param name="store">Everything is read from it and written to it.</param>
    /// <param name="ports">What tasks are done with.</param>
    /// <param name="options">What stays in memory.</param>
    /// <param name="history">Takes notes of the latents that tasks read; null for nobody.</param>
    public TaskExecutor(IArtifactStore store, TaskPorts ports, WorkerOptions options, IClusterHistory? history = null)
    {
        var latents = new LatentsReader(store, history ?? new NoHistory());
        Models = ports.Models;
        memory = new JobMemory(store, ports, options);
        scratch = new ScratchFolder(options.ScratchFolder);
        var assets = new AssetFiles(store, scratch, options.AssetsInScratch);
        var files = new EncodingFiles(store, scratch);
        stages = new()
        {
            [TaskKind.PreparePortrait] = new PortraitTask(store, memory, assets, ports, threads),
            [TaskKind.PrepareMotion] = new MotionCropsTask(store, memory, assets, ports),
            [TaskKind.EncodeMotion] = new MotionTokensTask(store, memory, ports, threads),
            [TaskKind.DenoiseWindow] = new WindowTask(store, memory, latents, threads),
            [TaskKind.DecodeChunk] = new ChunkTask(store, memory, latents, threads),
            [TaskKind.EncodePart] = new PartTask(store, memory, assets, files, ports),
            [TaskKind.Mux] = new MuxTask(store, memory, assets, files, ports),
        };
    }

    /// <inheritdoc/>
    public IDeviceModels Models { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> WarmJobs => memory.WarmJobs;

    /// <inheritdoc/>
    public Task<TaskOutcome> ExecuteAsync(TaskAssignment assignment, CancellationToken cancellationToken) =>
        stages[assignment.Task.Kind].RunAsync(assignment, cancellationToken);

    /// <inheritdoc/>
    public Task PrefetchMotionAsync(string motion, int group, CancellationToken cancellationToken) =>
        memory.TokensAsync(motion, group, cancellationToken);

    /// <inheritdoc/>
    public void Forget(string job) => memory.Forget(job);

    /// <inheritdoc/>
    public void Dispose()
    {
        threads.Dispose();
        scratch.Dispose();
    }
}
