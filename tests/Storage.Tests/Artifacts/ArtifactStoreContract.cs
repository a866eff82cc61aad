using CsCheck;
using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

/// <summary>What every store promises. A derived class says which store; each test has keys of its own, so a store may be shared.</summary>
public abstract class ArtifactStoreContract
{
    private const int Racers = 16;
    private const int Rounds = 8;

    private readonly ArtifactKey folder = ArtifactKey.Of("contract", Guid.NewGuid().ToString("N"));

    protected abstract IArtifactStore Store { get; }

    /// <summary>Random sequences of calls that are compared with a model.</summary>
    protected virtual int Sequences => 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_NewKey_CanBeReadBack()
    {
        var content = Content(100_000, seed: 1);
        Assert.Equal(CreateOutcome.Created, await Store.CreateAsync(folder / "a" / 1, content, Cancellation));
        Assert.Equal(content, await ReadThroughStreamAsync(folder / "a" / 1));
    }

    [Fact]
    public async Task Create_EmptyContent_IsAnArtifact()
    {
        Assert.Equal(CreateOutcome.Created, await Store.CreateAsync(folder / "empty", ReadOnlyMemory<byte>.Empty, Cancellation));
        Assert.Empty(await ReadThroughStreamAsync(folder / "empty"));
    }

    [Fact]
    public async Task Create_StreamPartlyRead_WritesTheRest()
    {
        using var stream = new MemoryStream([1, 2, 3, 4]) { Position = 1 };
        await Store.CreateAsync(folder / "rest", stream, Cancellation);
        Assert.Equal([2, 3, 4], await ReadThroughStreamAsync(folder / "rest"));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task Create_SameKeyAgain_KeepsTheFirst()
    {
        await Store.CreateAsync(folder / "once", Content(10, seed: 1), Cancellation);
        Assert.Equal(CreateOutcome.Exists, await Store.CreateAsync(folder / "once", Content(10, seed: 2), Cancellation));
        Assert.Equal(Content(10, seed: 1), await ReadThroughStreamAsync(folder / "once"));
    }

    [Fact]
    public async Task Create_ManyRacers_ExactlyOneWins()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var key = folder / "raced" / round;
            var outcomes = await RaceAsync(racer => Store.CreateAsync(key, Content(5_000, racer), Cancellation));
            var winner = Assert.Single(Enumerable.Range(0, Racers), racer => outcomes[racer] == CreateOutcome.Created);
            Assert.Equal(Content(5_000, winner), await ReadThroughStreamAsync(key));
        }
    }

    [Fact]
    public async Task Create_StreamThatFails_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.CreateAsync(folder / "broken", new BrokenStream(), Cancellation));
        Assert.Null(await Store.OpenReadAsync(folder / "broken", Cancellation));
        Assert.Empty(await KeysAsync(folder));
    }

    [Fact]
    public async Task Read_MissingKey_IsNull()
    {
        Assert.Null(await Store.ReadAsync(folder / "missing", Cancellation));
        Assert.Null(await Store.OpenReadAsync(folder / "missing", Cancellation));
    }

    [Fact]
    public async Task OpenRead_ReplacedMeanwhile_ReadsWhatWasOpened()
    {
        var content = Content(50_000, seed: 3);
        var written = await Store.ReplaceAsync(folder / "open", content, null, Cancellation);
        await using var stream = await Store.OpenReadAsync(folder / "open", Cancellation);
        Assert.NotNull(stream);
        await Store.ReplaceAsync(folder / "open", Content(60_000, seed: 4), written.ETag, Cancellation);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task Replace_KnownVersion_WritesAndChangesTheVersion()
    {
        var first = await Store.ReplaceAsync(folder / "record", new byte[] { 1 }, null, Cancellation);
        Assert.True(first.Replaced);
        Assert.Equal(first.ETag, (await Store.ReadAsync(folder / "record", Cancellation))!.ETag);
        var second = await Store.ReplaceAsync(folder / "record", new byte[] { 2, 3 }, first.ETag, Cancellation);
        Assert.True(second.Replaced);
        Assert.NotEqual(first.ETag, second.ETag);
        var read = await Store.ReadAsync(folder / "record", Cancellation);
        Assert.Equal([2, 3], read!.Content.ToArray());
        Assert.Equal(second.ETag, read.ETag);
    }

    [Fact]
    public async Task Replace_SameContent_ChangesTheVersion()
    {
        var first = await Store.ReplaceAsync(folder / "same", new byte[] { 7 }, null, Cancellation);
        var second = await Store.ReplaceAsync(folder / "same", new byte[] { 7 }, first.ETag, Cancellation);
        Assert.True(second.Replaced);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.False((await Store.ReplaceAsync(folder / "same", new byte[] { 8 }, first.ETag, Cancellation)).Replaced);
    }

    [Fact]
    public async Task Replace_OldVersion_IsAConflict()
    {
        var first = await Store.ReplaceAsync(folder / "stale", new byte[] { 1 }, null, Cancellation);
        await Store.ReplaceAsync(folder / "stale", new byte[] { 2 }, first.ETag, Cancellation);
        Assert.Equal(ReplaceOutcome.Conflict, await Store.ReplaceAsync(folder / "stale", new byte[] { 3 }, first.ETag, Cancellation));
        Assert.Equal([2], (await Store.ReadAsync(folder / "stale", Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task Replace_ExistsButMustNot_IsAConflict()
    {
        await Store.CreateAsync(folder / "there", new byte[] { 1 }, Cancellation);
        Assert.Equal(ReplaceOutcome.Conflict, await Store.ReplaceAsync(folder / "there", new byte[] { 2 }, null, Cancellation));
    }

    [Fact]
    public async Task Replace_MissingButMustExist_IsAConflict()
    {
        var first = await Store.ReplaceAsync(folder / "gone", new byte[] { 1 }, null, Cancellation);
        await Store.DeleteAsync(folder / "gone", cancellationToken: Cancellation);
        Assert.Equal(ReplaceOutcome.Conflict, await Store.ReplaceAsync(folder / "gone", new byte[] { 2 }, first.ETag, Cancellation));
        Assert.Null(await Store.ReadAsync(folder / "gone", Cancellation));
    }

    [Fact]
    public async Task Replace_ManyRacersFromNothing_ExactlyOneWins()
    {
        var outcomes = await RaceAsync(racer => Store.ReplaceAsync(folder / "first", new[] { (byte)racer }, null, Cancellation));
        var winner = Assert.Single(Enumerable.Range(0, Racers), racer => outcomes[racer].Replaced);
        var read = await Store.ReadAsync(folder / "first", Cancellation);
        Assert.Equal([(byte)winner], read!.Content.ToArray());
        Assert.Equal(outcomes[winner].ETag, read.ETag);
    }

    [Fact]
    public async Task Replace_ManyRacersCounting_LosesNoCount()
    {
        await RaceAsync(async _ =>
        {
            for (var count = 0; count < 3; count++)
                await Counter.IncrementAsync(Store, folder / "counter", Cancellation);
            return true;
        });
        Assert.Equal(3 * Racers, await Counter.ReadAsync(Store, folder / "counter", Cancellation));
    }

    [Fact]
    public async Task Delete_KnownVersion_IsGone()
    {
        var written = await Store.ReplaceAsync(folder / "mine", new byte[] { 1 }, null, Cancellation);
        Assert.Equal(DeleteOutcome.Deleted, await Store.DeleteAsync(folder / "mine", written.ETag, Cancellation));
        Assert.Equal(DeleteOutcome.Missing, await Store.DeleteAsync(folder / "mine", written.ETag, Cancellation));
        Assert.Empty(await KeysAsync(folder));
    }

    [Fact]
    public async Task Delete_OldVersion_IsAConflict()
    {
        var first = await Store.ReplaceAsync(folder / "kept", new byte[] { 1 }, null, Cancellation);
        await Store.ReplaceAsync(folder / "kept", new byte[] { 2 }, first.ETag, Cancellation);
        Assert.Equal(DeleteOutcome.Conflict, await Store.DeleteAsync(folder / "kept", first.ETag, Cancellation));
        Assert.NotNull(await Store.ReadAsync(folder / "kept", Cancellation));
    }

    [Fact]
    public async Task Delete_AnyVersion_AllowsCreatingAgain()
    {
        await Store.CreateAsync(folder / "again", new byte[] { 1 }, Cancellation);
        Assert.Equal(DeleteOutcome.Deleted, await Store.DeleteAsync(folder / "again", cancellationToken: Cancellation));
        Assert.Equal(CreateOutcome.Created, await Store.CreateAsync(folder / "again", new byte[] { 2 }, Cancellation));
        Assert.Equal([2], await ReadThroughStreamAsync(folder / "again"));
    }

    [Fact]
    public async Task List_Folder_HasEverythingBelowInOrdinalOrder()
    {
        string[] names = ["b", "a/2", "a/10", "a-1", "a.b", "a/1/x", "Z", "a=2F"];
        foreach (var name in names)
            await Store.CreateAsync(ArtifactKey.Of(folder.Value, "listed", name), new byte[] { 1 }, Cancellation);
        await Store.CreateAsync(folder / "listed-too", new byte[] { 1 }, Cancellation);
        var expected = names.Select(name => $"{folder}/listed/{name}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, await KeysAsync(folder / "listed"));
    }

    [Fact]
    public async Task List_MissingFolder_IsEmpty() => Assert.Empty(await KeysAsync(folder / "nowhere"));

    [Fact]
    public async Task List_Always_TellsTheLength()
    {
        await Store.CreateAsync(folder / "sized", Content(1234, seed: 1), Cancellation);
        await foreach (var info in Store.ListAsync(folder, Cancellation))
            Assert.Equal(1234, info.Length);
    }

    [Fact]
    public async Task DeleteFolder_Always_RemovesWhatIsBelowAndNothingElse()
    {
        await Store.CreateAsync(folder / "job" / "a" / 1, new byte[] { 1 }, Cancellation);
        await Store.CreateAsync(folder / "job" / 2, new byte[] { 1 }, Cancellation);
        await Store.CreateAsync(folder / "job2", new byte[] { 1 }, Cancellation);
        Assert.Equal(2, await Store.DeleteFolderAsync(folder / "job", Cancellation));
        Assert.Equal([$"{folder}/job2"], await KeysAsync(folder));
    }

    [Fact]
    public Task Calls_AnySequence_AnswerAsTheModel() =>
        StoreModel.Sequences.SampleAsync(
            calls => StoreModel.CompareAsync(Store, folder / Guid.NewGuid().ToString("N"), calls, Cancellation), iter: Sequences, seed: "0000KOIPe8R3", threads: 1);

    private static byte[] Content(int length, int seed)
    {
        var content = new byte[length];
        for (var index = 0; index < length; index++)
            content[index] = (byte)(index * 31 + index / 256 + seed);
        return content;
    }

    private static async Task<T[]> RaceAsync<T>(Func<int, Task<T>> race) =>
        await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => Task.Run(() => race(racer), Cancellation)));

    private async Task<byte[]> ReadThroughStreamAsync(ArtifactKey key)
    {
        await using var stream = await Store.OpenReadAsync(key, Cancellation);
        Assert.NotNull(stream);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }

    private async Task<string[]> KeysAsync(ArtifactKey inFolder)
    {
        var keys = new List<string>();
        await foreach (var info in Store.ListAsync(inFolder, Cancellation))
            keys.Add(info.Key.Value);
        return [.. keys];
    }
}
