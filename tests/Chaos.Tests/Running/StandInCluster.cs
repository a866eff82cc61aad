using HunyuanPortrait.Chaos.Running;
using HunyuanPortrait.Chaos.Tests.Rules;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Storage.Histories;

namespace HunyuanPortrait.Chaos.Tests.Running;

/// <summary>Processes that do nothing, a job that computes nothing, and the history that a cluster without any trouble would have written for it.</summary>
internal sealed class StandInCluster : ITestedCluster
{
    public TaskPlan Plan => HistoryScript.Plan;

    public ReadOnlyMemory<byte> Expected { get; init; } = "result"u8.ToArray();

    public int SlotsOfGpuSilo => 1;

    /// <summary>The history; a test may spoil it.</summary>
    public HistoryScript Script { get; } = new();

    /// <summary>What the job waits for.</summary>
    public required Func<ClusterPlace, CancellationToken, Task> Work { get; init; }

    /// <summary>What a silo is, to a shell.</summary>
    public string Body { get; init; } = "echo silo is ready $$; exec sleep 600";

    /// <summary>Of every process that was started.</summary>
    public static IEnumerable<int> ProcessIds(string folder) => Directory.GetFiles(Path.Combine(folder, "logs"))
        .Select(path => int.Parse(File.ReadAllText(path).Split(' ', '\n')[^2]));

    public ChildCommand Silo(SiloName silo, ClusterPlace place) => new(silo.ToString(), "sh", ["-c", Body], "silo is ready");

    public Task<IJobClient> ConnectAsync(ClusterPlace place, CancellationToken cancellationToken) => Task.FromResult<IJobClient>(new Client(this, place));

    private sealed class Client(StandInCluster cluster, ClusterPlace place) : IJobClient
    {
        private readonly Dictionary<string, HistoryFile> files = [];

        public Task<string> SubmitAsync(CancellationToken cancellationToken)
        {
            Note(cluster.Script.Record().Notes.Where(note => note.Entry.Kind != HistoryKind.End));
            return Task.FromResult(HistoryScript.Job);
        }

        public async Task<ReadOnlyMemory<byte>> WaitForResultAsync(string job, CancellationToken cancellationToken)
        {
            await cluster.Work(place, cancellationToken);
            Note(cluster.Script.Record().Notes.Where(note => note.Entry.Kind == HistoryKind.End));
            return "result"u8.ToArray();
        }

        public ValueTask DisposeAsync()
        {
            foreach (var file in files.Values)
                file.Dispose();
            return default;
        }

        private void Note(IEnumerable<Chaos.Histories.ProcessNote> notes)
        {
            foreach (var note in notes)
            {
                if (!files.TryGetValue(note.Process, out var file))
                    files[note.Process] = file = HistoryFile.Create(place.Histories, note.Process, TimeProvider.System);
                file.Note(note.Entry);
            }
        }
    }
}
