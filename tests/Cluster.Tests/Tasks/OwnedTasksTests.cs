using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Jobs;
using HunyuanPortrait.Grains.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace HunyuanPortrait.Cluster.Tests.Tasks;

/// <summary>The owner protocol over a durable record, without a cluster.</summary>
public sealed class OwnedTasksTests : IDisposable
{
    private static readonly TaskId Chunk = TaskId.Of(TaskKind.DecodeChunk, 70);
    private static readonly ArtifactKey Key = ArtifactKeys.Ledger("a", TaskKind.DecodeChunk, 1);
    private readonly MemoryArtifactStore store = new(TimeProvider.System);
    private readonly NotedHistory history = new();
    private readonly ServiceProvider services = new ServiceCollection().AddSerializer(builder => builder.AddAssembly(typeof(LedgerState).Assembly)).BuildServiceProvider();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Open_FirstOfAnActivation_IsDurableBeforeTheLease()
    {
        var tasks = await ActivateAsync();
        Assert.Null(await store.ReadAsync(Key, Token));
        Assert.Equal(LeaseEpoch.Of(1, 1), await tasks.OpenAsync(Chunk, Token));
        var written = await store.ReadAsync(Key, Token);
        Assert.Equal(LeaseEpoch.Of(1, 2), await tasks.OpenAsync(Chunk, Token));
        Assert.Equal(written!.ETag, (await store.ReadAsync(Key, Token))!.ETag);
        Assert.Equal(LeaseEpoch.Of(2, 1), await (await ActivateAsync()).OpenAsync(Chunk, Token));
    }

    [Fact]
    public async Task Accept_RepeatedAndStale_AreRefusedAndCounted()
    {
        var tasks = await ActivateAsync();
        var first = await tasks.OpenAsync(Chunk, Token);
        var second = await tasks.OpenAsync(Chunk, Token);
        Assert.Equal(AcceptAnswer.Stale, await tasks.AcceptAsync(Delivery(first), Token));
        Assert.Equal(AcceptAnswer.Accepted, await tasks.AcceptAsync(Delivery(second), Token));
        Assert.Equal(AcceptAnswer.Duplicate, await tasks.AcceptAsync(Delivery(second), Token));
        Assert.Equal((1, 1, 1), (tasks.Counts.Accepted, tasks.Counts.Duplicates, tasks.Counts.Stale));
        Assert.Equal("result", (await ActivateAsync()).Accepted[Chunk].Key);
        Assert.Equal([HistoryKind.Lease, HistoryKind.Lease, HistoryKind.Refuse, HistoryKind.Accept, HistoryKind.Refuse], history.Entries.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Accept_ByAnActivationThatAnotherHasOvertaken_IsRefusedByTheRecord()
    {
        var overtaken = await ActivateAsync();
        var old = await overtaken.OpenAsync(Chunk, Token);
        var current = await ActivateAsync();
        var epoch = await current.OpenAsync(Chunk, Token);
        await Assert.ThrowsAsync<InconsistentStateException>(() => overtaken.AcceptAsync(Delivery(old), Token));
        Assert.Empty(overtaken.Accepted);
        Assert.Equal(AcceptAnswer.Accepted, await current.AcceptAsync(Delivery(epoch), Token));
    }

    [Fact]
    public async Task Accept_AfterRevoke_IsStale()
    {
        var tasks = await ActivateAsync();
        var epoch = await tasks.OpenAsync(Chunk, Token);
        tasks.Revoke();
        Assert.Equal(AcceptAnswer.Stale, await tasks.AcceptAsync(Delivery(epoch), Token));
        Assert.Equal(1, tasks.Counts.Stale);
    }

    [Fact]
    public async Task JobLedgers_LongClip_WriteRecordsThatDoNotGrowWithTheClip()
    {
        var plan = new TaskPlan(Simulation.SimulatedJobs.Specification(15_000, 1).Shape(15_000));
        var ledgers = Ledgers();
        await ledgers.LoadAsync(plan, Token);
        var longest = 0L;
        foreach (var task in plan.TasksOf(TaskKind.DecodeChunk).Concat(plan.TasksOf(TaskKind.EncodeMotion)))
        {
            var tasks = await ledgers.OfAsync(task, Token);
            var epoch = await tasks.OpenAsync(task, Token);
            await tasks.AcceptAsync(Delivery(epoch, task, ArtifactKeys.Result("a", task, epoch!.Value).Value), Token);
            longest = Math.Max(longest, (await store.ReadAsync(ArtifactKeys.Ledger("a", task.Kind, task.Index / JobLedgers.PageLength), Token))!.Content.Length);
        }

        Assert.InRange(longest, 1, 16_384);
        var again = Ledgers();
        await again.LoadAsync(plan, Token);
        Assert.Equal(ledgers.Counts().Order(Comparer<KeyValuePair<TaskKind, int>>.Create((left, right) => left.Key.CompareTo(right.Key))),
            again.Counts().OrderBy(count => count.Key));
        Assert.Equal(plan.CountOf(TaskKind.DecodeChunk), again.Counts().ToDictionary()[TaskKind.DecodeChunk]);
        Assert.True(again.HasAccepted(Chunk));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OwnerNotes Notes => new(history, "a", "a");

    private LedgerRecords Records => new(store, services.GetRequiredService<Serializer>());

    private Task<OwnedTasks> ActivateAsync() => Records.OpenAsync(Key, Notes, Token);

    private JobLedgers Ledgers() => new("a", new OwnedTasks(new LedgerState(), (_, _, _) => Task.CompletedTask, Notes), Records, Notes);

    private static TaskDelivery Delivery(LeaseEpoch? epoch, TaskId? task = null, string result = "result") => new()
    {
        Task = (task ?? Chunk).ToName("a", null),
        Epoch = epoch!.Value.Value,
        ResultKey = result,
        Sha256 = new string('0', 64),
        Worker = "w",
        DeviceClass = "simulated",
    };
}
