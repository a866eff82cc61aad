using HunyuanPortrait.Cli.Processes;

namespace HunyuanPortrait.Chaos.Tests.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_TextIsWritten_IsReadyAndInTheLog()
    {
        await using var child = await StartAsync("echo $GREETING; exec sleep 600", new() { ["GREETING"] = "child is ready" });
        Assert.False(child.HasExited);
        Assert.Equal(["child is ready"], ReadLog(child));
    }

    [Fact]
    public async Task Start_EndsBefore_IsRefusedWithItsLastLines()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("echo no port >&2; exit 3"));
        Assert.Contains("child ended before it was ready", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no port", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CancelledWhileWaiting_LeavesNoProcess()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var idPath = Path.Combine(folder.Path, "id");
        var starting = ChildProcess.StartAsync(Command($"echo $$ > {idPath}.new; mv {idPath}.new {idPath}; exec sleep 600"), folder.Path, cancelled.Token);
        await LiveProcess.AwaitAsync(() => File.Exists(idPath), Cancellation);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Null(LiveProcess.StateOf(int.Parse(await File.ReadAllTextAsync(idPath, Cancellation))));
    }

    [Fact]
    public async Task Pause_ThenResume_StandsStillAndGoesOn()
    {
        await using var child = await StartAsync("echo child is ready; exec sleep 600");
        child.Pause();
        await LiveProcess.AwaitAsync(() => LiveProcess.StateOf(child.Id) == 'T', Cancellation);
        child.Resume();
        await LiveProcess.AwaitAsync(() => LiveProcess.StateOf(child.Id) == 'S', Cancellation);
    }

    // The child's own child lives on with its output open; nobody waits for it.
    [Fact]
    public async Task Kill_ProcessThatHoldsOnWithAChild_IsDead()
    {
        var child = await StartAsync("trap '' TERM; sleep 5 & echo child is ready; wait; sleep 5");
        await child.KillAsync();
        Assert.True(child.HasExited);
        await child.DisposeAsync();
    }

    [Fact]
    public async Task Terminate_ProcessThatTidiesUp_LetsIt()
    {
        await using var child = await StartAsync("trap 'echo tidied; exit 0' TERM; echo child is ready; while :; do sleep 0.05; done");
        await child.TerminateAsync(Cancellation);
        await child.DisposeAsync();
        Assert.Equal(["child is ready", "tidied"], ReadLog(child));
    }

    [Fact]
    public async Task DeadProcess_WhateverIsDoneToIt_StaysAsItIs()
    {
        await using var child = await StartAsync("echo child is ready; exec sleep 600");
        await child.KillAsync();
        child.Pause();
        child.Resume();
        await child.TerminateAsync(Cancellation);
        await child.KillAsync();
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task Dispose_PausedProcessWithAChild_EndsBoth()
    {
        var child = await StartAsync("sleep 600 & echo $!; echo child is ready; wait");
        child.Pause();
        await child.DisposeAsync();
        Assert.Null(LiveProcess.StateOf(child.Id));
        await LiveProcess.AwaitAsync(() => LiveProcess.StateOf(int.Parse(ReadLog(child)[0])) is null or 'Z', Cancellation);
    }

    [Fact]
    public void Free_SeveralPorts_AreDifferent() => Assert.Equal(5, LoopbackPorts.Free(5).Distinct().Count());

    public void Dispose() => folder.Dispose();

    private static ChildCommand Command(string script) => new("child", "sh", ["-c", script], "child is ready");

    private Task<ChildProcess> StartAsync(string script, Dictionary<string, string>? environment = null) =>
        ChildProcess.StartAsync(Command(script) with { Environment = environment ?? [] }, folder.Path, Cancellation);

    // The log is still open for writing.
    private static string[] ReadLog(ChildProcess child)
    {
        using var reader = new StreamReader(new FileStream(child.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
