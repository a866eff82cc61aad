using HunyuanPortrait.Core.Dispatch;
using static HunyuanPortrait.Core.Tests.Dispatch.Workload;

namespace HunyuanPortrait.Core.Tests.Dispatch;

public sealed class DispatchSimulationTests
{
    private const int Workers = 8;

    private static readonly DispatchOptions Impatient = new()
    {
        Patience = TimeSpan.FromSeconds(20),
        MaximumCredit = TimeSpan.FromSeconds(2),
    };

    // A step of a window takes about a second, a little more or less for every task.
    private static double Jittered(JobTask task) =>
        0.9 + (uint)(StringHash(task.JobId) * 31 + task.Task.Step * 7919 + task.Task.Index * 104_729) % 1000 / 5000.0;

    [Fact]
    public void Lease_OtherTenantSubmittedTwentyJobsFirst_GivesTheNewJobItsHalfWithinOneStep()
    {
        var flood = Enumerable.Range(0, 20).Select(job => new SimulatedJob(Job($"a{job}", "a", submitted: job), 0, 30, 4));
        var late = new SimulatedJob(Job("late", "b", submitted: 100), 20.35, 60, 6);
        var simulation = new DispatchSimulation(Queue(), Workers, Jittered).Run([.. flood, late]);
        var nextLeases = simulation.Leases.Where(lease => lease.At >= late.ArrivesAt).Take(Workers);
        Assert.Equal(Workers / 2, nextLeases.Count(lease => lease.Tenant == "b"));
        var oneStepLater = late.ArrivesAt + 1.1;
        Assert.Equal(Workers / 2, simulation.Leases.Count(lease => lease.Tenant == "b" && lease.At <= oneStepLater && lease.Until > oneStepLater));
        var end = simulation.EndedAt["late"] - 5;
        Assert.InRange(simulation.BusySeconds("b", oneStepLater, end) / simulation.BusySeconds("a", oneStepLater, end), 0.95, 1.05);
    }

    [Fact]
    public void Lease_HigherPriority_OvertakesWithinOneStep()
    {
        var plain = Enumerable.Range(0, 20).Select(job => new SimulatedJob(Job($"plain{job}", submitted: job), 0, 30, 4));
        var urgent = new SimulatedJob(Job("urgent", priority: 5, submitted: 100), 20.35, 60, 6);
        var simulation = new DispatchSimulation(Queue(), Workers, Jittered).Run([.. plain, urgent]);
        var during = simulation.Leases.Where(lease => lease.At >= urgent.ArrivesAt && lease.At < simulation.EndedAt["urgent"] - 2).ToList();
        Assert.True(during.Count > 300);
        Assert.All(during, lease => Assert.Equal("urgent", lease.Task.JobId));
        Assert.All(during.Take(Workers), lease => Assert.InRange(lease.At, urgent.ArrivesAt, urgent.ArrivesAt + 1.1));
    }

    [Fact]
    public void Lease_ThousandsOfJobs_EndsAllAndLeasesEveryTaskOnce()
    {
        var jobs = Many(3000);
        var simulation = new DispatchSimulation(Queue(), 48, Jittered).Run(jobs);
        Assert.Equal(jobs.Count, simulation.EndedAt.Count);
        Assert.Equal(jobs.Sum(job => job.Windows * job.Steps), simulation.Leases.Count);
        Assert.Equal(simulation.Leases.Count, simulation.Leases.Select(lease => lease.Task).Distinct().Count());
    }

    [Fact]
    public void Lease_SameWorkload_GivesTheSameSequence()
    {
        var runs = Enumerable.Range(0, 2).Select(_ => new DispatchSimulation(Queue(), 16, Jittered).Run(Many(200)).Leases).ToArray();
        Assert.Equal(runs[0], runs[1]);
    }

    // Forty tenants that always have work: between two leases of one tenant every other has at most two turns, and what it is owed on top.
    [Fact]
    public void Lease_ManyTenantsThatAlwaysWait_ServesEachWithinBoundedTurns()
    {
        const int Tenants = 40;
        var jobs = Enumerable.Range(0, 2000)
            .Select(job => new SimulatedJob(Job($"job{job}", $"t{job % Tenants}", job % 7, job), job / 400, 4, 3)).ToList();
        var simulation = new DispatchSimulation(Queue(Impatient), 16, Jittered).Run(jobs, until: 200);
        var turns = simulation.Leases.Select((lease, turn) => (lease.Tenant, turn)).GroupBy(each => each.Tenant, each => each.turn).ToList();
        Assert.Equal(Tenants, turns.Count);
        Assert.All(turns, tenant => Assert.InRange(tenant.Zip(tenant.Skip(1), (turn, next) => next - turn).Max(), 1, 3 * Tenants));
    }

    [Fact]
    public void Lease_EndlessHigherPriorities_StillEndsTheLowJobInBoundedTime()
    {
        var flood = Enumerable.Range(0, 1500).Select(job => new SimulatedJob(Job($"high{job}", priority: 9, submitted: job), job * 0.9, 4, 2));
        var low = new SimulatedJob(Job("low", priority: -10), 0, 10, 4);
        var simulation = new DispatchSimulation(Queue(Impatient), Workers, Jittered).Run([.. flood, low], until: 900);
        // Its patience, then every eighth lease: eight workers give one about every second, and it has forty tasks.
        Assert.True(simulation.EndedAt.TryGetValue("low", out var end), "the low job starved");
        Assert.InRange(end, 20, 20 + 10 * 4 * 1.2);
    }

    [Fact]
    public void Lease_WarmWorkers_AreUsedWithoutMovingShares()
    {
        var options = new DispatchOptions();
        var jobs = Enumerable.Range(0, 12).Select(job => new SimulatedJob(Job($"job{job}", $"t{job % 3}"), 0, 12, 10)).ToList();
        var warm = new DispatchSimulation(Queue(options), Workers, Jittered).Run(jobs);
        var cold = new DispatchSimulation(Queue(options with { AffinityRun = 0, AffinitySlack = -1 }), Workers, Jittered).Run(jobs);
        Assert.True(
            warm.Leases.Count(lease => lease.IsCold) < cold.Leases.Count(lease => lease.IsCold),
            $"{warm.Leases.Count(lease => lease.IsCold)} cold leases with affinity, {cold.Leases.Count(lease => lease.IsCold)} without");
        var busy = Enumerable.Range(0, 3).Select(tenant => warm.BusySeconds($"t{tenant}", 0, 100)).ToList();
        Assert.InRange(busy.Max() / busy.Min(), 1, 1.05);
    }

    private static List<SimulatedJob> Many(int count) => [.. Enumerable.Range(0, count).Select(job => new SimulatedJob(
        Job($"job{job}", $"t{job * 17 % 23}", job * 29 % 5 - 2, job), job * 37 % 101 * 0.7, 1 + job * 13 % 5, 1 + job * 11 % 3))];

    private static int StringHash(string text) => text.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));
}
