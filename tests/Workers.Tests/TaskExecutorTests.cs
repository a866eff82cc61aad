using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Denoising;

namespace HunyuanPortrait.Workers.Tests;

/// <summary>All tasks of a job by one executor, without any cluster: what tasks do to the store.</summary>
public sealed class TaskExecutorTests : IDisposable
{
    private const string Job = "job-1";
    private readonly MemoryArtifactStore store = new(TimeProvider.System);
    private readonly TaskExecutor executor;

    public TaskExecutorTests() => executor = new TaskExecutor(store, SimulatedJobs.Ports(), new WorkerOptions());

    [Theory, InlineData(1, 1), InlineData(7, 2), InlineData(40, 3), InlineData(176, 10)]
    public async Task Execute_EveryTaskOfAJob_GivesTheBytesOfOneMachine(int frames, int steps)
    {
        var job = SimulatedJobs.Specification(frames, steps);
        var expected = await SimulatedJobs.RunOnOneMachineAsync(job, Token);
        var plan = await PrepareAsync(job);
        await DenoiseAsync(plan);
        Assert.Equal(expected.Latents, await FinalLatentsAsync(plan));
        Assert.Equal(expected.Video, await EncodeAsync(plan));
    }

    [Fact]
    public async Task Execute_SameVideoAgain_FindsItsMotionTokens()
    {
        var plan = await PrepareAsync(SimulatedJobs.Specification(60, 1));
        var track = await store.ReadAsync(ArtifactKeys.MotionTrack(Motion(plan)), Token);
        Assert.NotNull(track);
        Assert.Null(await store.ReadAsync(ArtifactKeys.MotionCrops(Motion(plan), 0), Token));
        var tokens = await store.ReadAsync(ArtifactKeys.MotionTokens(Motion(plan), 0), Token);
        await RunAsync(TaskId.Of(TaskKind.PrepareMotion), 2, Motion(plan).Value);
        await RunAsync(TaskId.Of(TaskKind.EncodeMotion), 2, Motion(plan).Value);
        Assert.Equal(tokens!.ETag, (await store.ReadAsync(ArtifactKeys.MotionTokens(Motion(plan), 0), Token))!.ETag);
    }

    [Fact]
    public async Task Execute_AssetWithOtherContent_IsRefused()
    {
        await store.CreateAsync(ArtifactKey.Parse("assets/simulated"), "something else"u8.ToArray(), Token);
        await store.CreateAsync(ArtifactKeys.Specification(Job), JobDocuments.Write(SimulatedJobs.Specification(3, 1)), Token);
        var refusal = await Assert.ThrowsAsync<Core.Errors.RenderException>(() => RunAsync(TaskId.Of(TaskKind.PreparePortrait)));
        Assert.Equal("HP5204", refusal.Code);
    }

    [Fact]
    public async Task Blend_DamagedWindow_IsRefused()
    {
        var plan = await PrepareAsync(SimulatedJobs.Specification(20, 1));
        var result = (await RunAsync(TaskId.Denoise(0, 0))).Result;
        await store.DeleteAsync(ArtifactKey.Parse(result.Key), cancellationToken: Token);
        await store.CreateAsync(ArtifactKey.Parse(result.Key), new byte[10], Token);
        var refusal = await Assert.ThrowsAsync<Core.Errors.RenderException>(() => new SegmentBlender(store).BlendAsync(
            Job, plan.Segments, new SegmentLatents(0, 0), [new WindowResult(0, result)], Token));
        Assert.Equal("HP5203", refusal.Code);
    }

    public void Dispose() => executor.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ArtifactKey Motion(TaskPlan plan) => ArtifactKeys.Motion(default, SimulatedJobs.Specification(plan.Shape.FrameCount, 1), "simulated");

    private async Task<TaskPlan> PrepareAsync(JobSpecification job)
    {
        await SimulatedJobs.StoreAssetsAsync(store);
        await store.CreateAsync(ArtifactKeys.Specification(Job), JobDocuments.Write(job), Token);
        var plan = new TaskPlan(job.Shape(job.FrameCount));
        var conditioning = await RunAsync(TaskId.Of(TaskKind.PreparePortrait));
        Assert.Equal(job.FrameCount, (await RunAsync(TaskId.Of(TaskKind.PrepareMotion), 1, Motion(plan).Value)).FrameCount);
        foreach (var task in plan.TasksOf(TaskKind.EncodeMotion))
            await RunAsync(task, 1, Motion(plan).Value);
        var preparation = new Preparation(job.FrameCount, "simulated", conditioning.Result.Key, Motion(plan).Value);
        await store.CreateAsync(ArtifactKeys.Preparation(Job), JobDocuments.Write(preparation), Token);
        return plan;
    }

    private async Task DenoiseAsync(TaskPlan plan)
    {
        var blender = new SegmentBlender(store);
        for (var step = 0; step < plan.Shape.StepCount; step++)
        {
            var results = new List<WindowResult>();
            for (var window = plan.Segments.WindowCount - 1; window >= 0; window--)
                results.Add(new WindowResult(window, (await RunAsync(TaskId.Denoise(step, window))).Result));
            for (var segment = 0; segment < plan.Segments.SegmentCount; segment++)
            {
                var windows = plan.Segments.WindowsOf(step, segment);
                await blender.BlendAsync(
                    Job, plan.Segments, new SegmentLatents(segment, step), [.. results.Where(result => windows.Contains(result.Window))], Token);
            }
        }
    }

    private async Task<float[]> FinalLatentsAsync(TaskPlan plan)
    {
        var latents = new List<float>();
        for (var segment = 0; segment < plan.Segments.SegmentCount; segment++)
        {
            var key = ArtifactKeys.Latents(Job, segment, plan.Shape.StepCount - 1);
            latents.AddRange(TensorArtifact.Read(key, (await store.ReadAsync(key, Token))!.Content.Span)[0].Values);
        }

        return [.. latents];
    }

    private async Task<byte[]> EncodeAsync(TaskPlan plan)
    {
        var chunks = new List<string>();
        foreach (var task in plan.TasksOf(TaskKind.DecodeChunk))
            chunks.Add((await RunAsync(task)).Result.Key);
        var parts = new List<string>();
        foreach (var task in plan.TasksOf(TaskKind.EncodePart))
        {
            var needed = plan.DecodeChunksOfPart(task.Index);
            parts.Add((await RunAsync(task, 1, [.. chunks.Skip(needed.Start).Take(needed.Length)])).Result.Key);
        }

        var clip = await RunAsync(TaskId.Of(TaskKind.Mux), 1, [.. parts]);
        return (await store.ReadAsync(ArtifactKey.Parse(clip.Result.Key), Token))!.Content.ToArray();
    }

    private Task<TaskOutcome> RunAsync(TaskId task, uint lease = 1, params string[] inputs) =>
        executor.ExecuteAsync(new TaskAssignment(Job, task, LeaseEpoch.Of(1, lease), inputs), Token);
}
