using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Storage.Histories;
using HunyuanPortrait.Storage.Tests.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Histories;

public sealed class HistoryFileTests : IDisposable
{
    private static readonly HistoryEntry First = new(HistoryKind.Lease, "a", TaskId.Denoise(3, 17), 1L << 32 | 5, "a/2");
    private static readonly HistoryEntry Second = new(HistoryKind.Blend, "a", TaskId.Denoise(3, 2), 0, "a/2", "0=jobs/a/windows/3/0/1-1\nü");

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Read_WhatWasNoted_IsThereInOrder()
    {
        using var history = HistoryFile.Create(folder.File("histories"), "control-0", TimeProvider.System);
        history.Note(First);
        history.Note(Second);
        var lines = HistoryFile.Read(folder.File("histories/control-0.jsonl"));
        Assert.Equal([First, Second], lines.Select(line => line.Entry));
        Assert.True(lines[0].At <= lines[1].At);
    }

    [Fact]
    public void Note_ManyThreads_KeepsEveryLineWholeAndInTheOrderOfTime()
    {
        const int Count = 2000;
        using var history = HistoryFile.Create(folder.Path, "busy", TimeProvider.System);
        Parallel.For(0, Count, index => history.Note(First with { Epoch = index }));
        var lines = HistoryFile.Read(folder.File("busy.jsonl"));
        Assert.Equal(Enumerable.Range(0, Count).Select(index => (long)index), lines.Select(line => line.Entry.Epoch).Order());
        Assert.Equal(lines.Select(line => line.At).Order(), lines.Select(line => line.At));
    }

    [Fact]
    public void Create_SameProcessAgain_IsRefused()
    {
        HistoryFile.Create(folder.Path, "gpu-0", TimeProvider.System).Dispose();
        Assert.Throws<IOException>(() => HistoryFile.Create(folder.Path, "gpu-0", TimeProvider.System));
    }

    [Fact]
    public void Read_LastLineIsNotWhole_LeavesItOut()
    {
        using (var history = HistoryFile.Create(folder.Path, "torn", TimeProvider.System))
            history.Note(First);
        File.AppendAllText(folder.File("torn.jsonl"), "{\"at\":7,\"entr");
        Assert.Equal([First], HistoryFile.Read(folder.File("torn.jsonl")).Select(line => line.Entry));
    }

    [Fact]
    public void Read_LineInTheMiddleIsDamaged_NamesIt()
    {
        using (var history = HistoryFile.Create(folder.Path, "damaged", TimeProvider.System))
            history.Note(First);
        File.AppendAllText(folder.File("damaged.jsonl"), "{\"at\":7,\"entr\n");
        var refusal = Assert.Throws<InvalidDataException>(() => HistoryFile.Read(folder.File("damaged.jsonl")));
        Assert.Contains("Line 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Note_ProcessIsKilled_LosesNothingThatItWentOnAfter()
    {
        using var racer = RacerProcess.Start("note", folder.Path);
        await racer.SkipLinesAsync(50, TestContext.Current.CancellationToken);
        racer.Kill();
        var lines = HistoryFile.Read(folder.File("racer.jsonl"));
        Assert.InRange(lines.Count, 50, int.MaxValue);
        Assert.Equal(Enumerable.Range(0, lines.Count).Select(index => (long)index), lines.Select(line => line.Entry.Epoch));
    }

    public void Dispose() => folder.Dispose();
}
