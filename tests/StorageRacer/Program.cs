// A process that writes to a directory beside others, and that the tests of the local store kill:
//   create DIR FOLDER COUNT     waits, tries to create FOLDER/0 … FOLDER/COUNT-1 and prints the numbers that it won
//   increment DIR KEY TIMES     waits, and counts the number in a record up
//   churn DIR                   creates artifacts and replaces a record for ever, a line for each round
//   hold DIR CLUSTER            opens the directory for a cluster and waits
//   lock FILE                   takes a lock and waits
//   note DIR                    writes DIR/racer.jsonl for ever, a line for each note
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Storage.Files;
using HunyuanPortrait.Storage.Histories;

const string Cluster = "racers";
const int ArtifactLength = 1 << 20;
const int RecordLength = 1 << 16;

switch (args)
{
    case ["create", var directory, var folder, var count]:
        using (var store = await OpenAtOnceAsync(directory))
            await CreateAsync(store, ArtifactKey.Parse(folder), Number(count));
        break;
    case ["increment", var directory, var key, var times]:
        using (var store = await OpenAtOnceAsync(directory))
        {
            for (var time = 0; time < Number(times); time++)
                await IncrementAsync(store, ArtifactKey.Parse(key));
        }

        break;
    case ["churn", var directory]:
        using (var store = await LocalArtifactStore.OpenAsync(directory, Cluster))
            await ChurnAsync(store);
        break;
    case ["hold", var directory, var cluster]:
        using (await LocalArtifactStore.OpenAsync(directory, cluster))
            Wait();
        break;
    case ["lock", var file]:
        using (await FileLock.TakeAsync(file, CancellationToken.None))
            Wait();
        break;
    case ["note", var directory]:
        using (var history = HistoryFile.Create(directory, "racer", TimeProvider.System))
            NoteForEver(history);
        break;
    default:
        return 2;
}

return 0;

// Racers begin together: all have opened the directory, and each waits for its line.
static async Task<LocalArtifactStore> OpenAtOnceAsync(string directory)
{
    var store = await LocalArtifactStore.OpenAsync(directory, Cluster);
    Wait();
    return store;
}

static async Task CreateAsync(IArtifactStore store, ArtifactKey folder, int count)
{
    var mine = Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    for (var index = 0; index < count; index++)
    {
        if (await store.CreateAsync(folder / index, mine) == CreateOutcome.Created)
            Console.WriteLine(index);
    }
}

static async Task IncrementAsync(IArtifactStore store, ArtifactKey key)
{
    while (true)
    {
        var record = await store.ReadAsync(key);
        var next = record is null ? 1 : Number(Encoding.UTF8.GetString(record.Content.Span)) + 1;
        var content = Encoding.UTF8.GetBytes(next.ToString(CultureInfo.InvariantCulture));
        if ((await store.ReplaceAsync(key, content, record?.ETag)).Replaced)
            return;
    }
}

// Both can be checked by whoever finds them: an artifact is named by its hash, and a record has one value throughout.
static async Task ChurnAsync(IArtifactStore store)
{
    while (true)
    {
        var content = RandomNumberGenerator.GetBytes(ArtifactLength);
        await store.CreateAsync(ArtifactKey.Of("churn", "artifacts", Convert.ToHexStringLower(SHA256.HashData(content))), content);
        var record = await store.ReadAsync(ArtifactKey.Of("churn", "record"));
        var next = new byte[RecordLength];
        Array.Fill(next, (byte)((record?.Content.Span[0] ?? 0) + 1));
        await store.ReplaceAsync(ArtifactKey.Of("churn", "record"), next, record?.ETag);
        Console.WriteLine("round");
    }
}

static void NoteForEver(HistoryFile history)
{
    for (var index = 0L; ; index++)
    {
        history.Note(new HistoryEntry(HistoryKind.Lease, "job", default, index, "racer"));
        Console.WriteLine("noted");
    }
}

static void Wait()
{
    Console.WriteLine("ready");
    Console.ReadLine();
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
