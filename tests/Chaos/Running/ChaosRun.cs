using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Faults;
using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Chaos.Rules;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>One run.</summary>
/// <param name="Seed">Of its faults.</param>
/// <param name="Size">Of the cluster.</param>
/// <param name="Faults">What is done to it.</param>
/// <param name="Folder">Receives all that it leaves; empty.</param>
/// <param name="Timeout">The job has to end within.</param>
internal sealed record RunPlan(int Seed, ClusterSize Size, ImmutableArray<Fault> Faults, string Folder, TimeSpan Timeout);

/// <summary>What a run has shown.</summary>
/// <param name="Seed">Of its faults.</param>
/// <param name="Failures">What did not hold; none when all did.</param>
/// <param name="Disturbances">What was done.</param>
/// <param name="Recomputed">Tasks that were begun again.</param>
/// <param name="InHand">Tasks in hand at the disturbances.</param>
/// <param name="Elapsed">From the submission to the result.</param>
internal sealed record RunReport(
    int Seed, ImmutableArray<string> Failures, ImmutableArray<Disturbance> Disturbances, int Recomputed, int InHand, TimeSpan Elapsed)
{
    /// <summary>Whether all held.</summary>
    public bool Holds => Failures.IsEmpty;
}

/// <summary>Runs one job on a cluster of processes while faults happen to it, and judges what came of it.</summary>
internal sealed class ChaosRun(ITestedCluster cluster, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    public async Task<RunReport> ExecuteAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        await using var processes = await ClusterProcesses.StartAsync(cluster, plan.Size, plan.Folder, cancellationToken);
        await using var client = await cluster.ConnectAsync(processes.Place, cancellationToken);
        var job = await client.SubmitAsync(cancellationToken);
        var started = clock.GetTimestamp();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var played = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var supervisor = new SiloSupervisor(processes, cluster.SlotsOfGpuSilo, clock);
        var watching = supervisor.WatchAsync(played.Token);
        var playing = new FaultPlayer(processes, supervisor, job, cluster.SlotsOfGpuSilo, clock).PlayAsync(plan.Faults, ended.Token);
        var failures = new List<string>();
        ImmutableArray<Disturbance> disturbances;
        try
        {
            await JudgeResultAsync(client, job, plan.Timeout, failures, cancellationToken);
            await AwaitEndNoteAsync(processes.Place, job, plan.Timeout - clock.GetElapsedTime(started), cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            try
            {
                disturbances = await playing;
            }
            finally
            {
                await played.CancelAsync(); // only now: the last look is at silos that nobody disturbs any more
            }

            disturbances = [.. disturbances, .. await watching];
        }

        var elapsed = clock.GetElapsedTime(started);
        failures.AddRange(disturbances.Select(disturbance => disturbance.Failure).OfType<string>());
        var jobs = ImmutableDictionary.CreateRange([KeyValuePair.Create(job, cluster.Plan)]);
        return Judge(plan, failures, new RunRecord(RunRecord.ReadNotes(processes.Place.Histories), jobs, disturbances), elapsed);
    }

    private async Task JudgeResultAsync(IJobClient client, string job, TimeSpan timeout, List<string> failures, CancellationToken cancellationToken)
    {
        try
        {
            var result = await client.WaitForResultAsync(job, cancellationToken).WaitAsync(timeout, clock, cancellationToken);
            if (!result.Span.SequenceEqual(cluster.Expected.Span))
                failures.Add($"the result of {job} ({result.Length} bytes) is not what one machine computes ({cluster.Expected.Length} bytes)");
        }
        catch (TimeoutException)
        {
            failures.Add($"{job} did not end within {timeout}");
        }
        catch (InvalidOperationException refusal)
        {
            failures.Add(refusal.Message);
        }
    }

    // The result may be seen a moment before the end is noted. When it is not noted in time, the checker says so.
    private async Task AwaitEndNoteAsync(ClusterPlace place, string job, TimeSpan atMost, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < atMost; waited += LookInterval)
        {
            if (RunRecord.ReadNotes(place.Histories).Any(note => note.Entry.Kind == HistoryKind.End && note.Entry.Job == job))
                return;
            await Task.Delay(LookInterval, clock, cancellationToken);
        }
    }

    private static RunReport Judge(RunPlan plan, IEnumerable<string> failures, RunRecord record, TimeSpan elapsed)
    {
        var violations = HistoryChecker.Check(record).Select(violation => $"{violation.Rule}: {violation.Message}");
        var evidence = new RunEvidence(record);
        return new RunReport(
            plan.Seed, [.. failures.Concat(violations)], record.Disturbances,
            RecomputedOnlyWhatWasInHand.Recomputed(evidence), RecomputedOnlyWhatWasInHand.InHand(evidence), elapsed);
    }
}
