using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Windows;
using static HunyuanPortrait.Core.Tests.Dispatch.Workload;

namespace HunyuanPortrait.Core.Tests.Dispatch;

/// <summary>A job of the simulation: it arrives, and its windows become ready as the wavefront allows.</summary>
internal sealed record SimulatedJob(JobTicket Ticket, double ArrivesAt, int Windows, int Steps);

/// <summary>One lease of the simulation.</summary>
internal sealed record SimulatedLease(double At, double Until, string Worker, string Tenant, JobTask Task, bool IsCold);

/// <summary>
/// A cluster without grains, networks or a clock: workers that are idle ask the queue, tasks take their time, completed windows move the wavefront.
/// Everything follows from the arguments.
/// </summary>
internal sealed class DispatchSimulation(DispatchQueue queue, int workers, Func<JobTask, double> duration)
{
    private const int WarmJobsOfAWorker = 4;

    private readonly PriorityQueue<Action, (double At, int Order)> events = new();
    private readonly Dictionary<string, RunningJob> running = [];
    private readonly SortedSet<int> idle = [.. Enumerable.Range(0, workers)];
    private readonly List<string>[] warm = [.. Enumerable.Range(0, workers).Select(_ => new List<string>())];
    private double now;
    private int order;

    public List<SimulatedLease> Leases { get; } = [];

    public Dictionary<string, double> EndedAt { get; } = [];

    public DispatchSimulation Run(IEnumerable<SimulatedJob> jobs, double until = double.MaxValue)
    {
        foreach (var job in jobs)
            Schedule(job.ArrivesAt, () => Arrive(job));
        while (events.TryPeek(out var happen, out var at) && at.At <= until)
        {
            events.Dequeue();
            now = at.At;
            happen();
            if (!events.TryPeek(out _, out var next) || next.At > now)
                LeaseToIdleWorkers();
        }

        return this;
    }

    public double BusySeconds(string tenant, double from, double to) => Leases
        .Where(lease => lease.Tenant == tenant)
        .Sum(lease => Math.Max(0, Math.Min(lease.Until, to) - Math.Max(lease.At, from)));

    private void Arrive(SimulatedJob job)
    {
        var started = new RunningJob(job);
        running.Add(job.Ticket.JobId, started);
        Enqueue(started, started.Front.Outstanding());
    }

    private void Enqueue(RunningJob job, IEnumerable<StepWindow> windows) =>
        queue.Enqueue(job.Job.Ticket, Model, windows.Select(window => TaskId.Denoise(window.Step, window.Window)), At(now));

    // Workers differ in warmth only, so where one gets nothing there is nothing for the others.
    private void LeaseToIdleWorkers()
    {
        foreach (var worker in idle.ToArray())
        {
            var name = $"worker-{worker}";
            if (queue.Lease(Worker(name, [.. warm[worker]]), At(now)) is not { } lease)
                return;
            idle.Remove(worker);
            var until = now + duration(lease.Task);
            Leases.Add(new SimulatedLease(now, until, name, running[lease.Task.JobId].Job.Ticket.Tenant, lease.Task, Warm(worker, lease.Task.JobId)));
            Schedule(until, () => Complete(worker, lease));
        }
    }

    private void Complete(int worker, TaskLease lease)
    {
        Assert.True(queue.Complete(lease.Number, lease.Task, At(now)));
        idle.Add(worker);
        var job = running[lease.Task.JobId];
        Enqueue(job, job.Accept(new StepWindow(lease.Task.Task.Step, lease.Task.Task.Index)));
        if (!job.Front.IsComplete)
            return;
        running.Remove(lease.Task.JobId);
        EndedAt.Add(lease.Task.JobId, now);
    }

    // Whether the job is new to the worker; the job used last is forgotten last.
    private bool Warm(int worker, string job)
    {
        var isCold = !warm[worker].Remove(job);
        warm[worker].Add(job);
        if (warm[worker].Count > WarmJobsOfAWorker)
            warm[worker].RemoveAt(0);
        return isCold;
    }

    private void Schedule(double at, Action happen) => events.Enqueue(happen, (at, order++));

    private sealed class RunningJob
    {
        private readonly SegmentPlan plan;
        private readonly int[] missing;

        public RunningJob(SimulatedJob job)
        {
            Job = job;
            plan = new SegmentPlan(job.Windows * 2, new WindowSettings(3, 1, 1), job.Steps);
            Front = new Wavefront(plan);
            missing = [.. Enumerable.Range(0, plan.SegmentCount).Select(segment => plan.WindowsOf(0, segment).Length)];
        }

        public SimulatedJob Job { get; }

        public Wavefront Front { get; }

        public List<StepWindow> Accept(StepWindow window)
        {
            var ready = new List<StepWindow>();
            foreach (var segment in plan.SegmentsOf(window.Step, window.Window))
            {
                if (--missing[segment] > 0)
                    continue;
                ready.AddRange(Front.Complete(segment, window.Step).Ready);
                if (window.Step + 1 < plan.StepCount)
                    missing[segment] = plan.WindowsOf(window.Step + 1, segment).Length;
            }

            return ready;
        }
    }
}
