namespace HunyuanPortrait.Workers.Tests;

public sealed class DeviceThreadsTests : IDisposable
{
    private readonly DeviceThreads threads = new();

    // The result of a call is known a moment before its thread is free, so there may be a second one.
    [Fact]
    public async Task Run_CallAfterCall_KeepsItsThreads()
    {
        var used = new HashSet<int>();
        for (var call = 0; call < 100; call++)
            used.Add(await threads.RunAsync(() => Environment.CurrentManagedThreadId));
        Assert.InRange(used.Count, 1, 2);
    }

    [Fact]
    public async Task Run_CallsThatWaitForEachOther_RunAtTheSameTime()
    {
        using var meeting = new Barrier(3);
        var calls = Enumerable.Range(0, 3).Select(_ => threads.RunAsync(() => meeting.SignalAndWait(TimeSpan.FromSeconds(30)))).ToArray();
        Assert.All(await Task.WhenAll(calls), Assert.True);
    }

    [Fact]
    public async Task Run_CallThatFails_FailsAndLeavesTheThread()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => threads.RunAsync(() => throw new InvalidDataException()));
        Assert.Equal(5, await threads.RunAsync(() => 5));
    }

    public void Dispose() => threads.Dispose();
}
