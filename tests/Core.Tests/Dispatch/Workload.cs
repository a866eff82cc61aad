using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Tests.Dispatch;

/// <summary>Short names for what the tests of the queue are made of.</summary>
internal static class Workload
{
    public const string Model = "model";

    public static readonly DispatchLane Denoise = new(TaskKind.DenoiseWindow, Model);

    public static JobTicket Job(string id, string tenant = "a", int priority = 0, int submitted = 0) =>
        new(id, tenant, priority, DateTimeOffset.UnixEpoch.AddSeconds(submitted));

    public static IEnumerable<TaskId> Tasks(int count, int step = 0) => Enumerable.Range(0, count).Select(window => TaskId.Denoise(step, window));

    private static readonly HashSet<TaskKind> Kinds = [TaskKind.DenoiseWindow];

    private static readonly HashSet<string> Models = [Model];

    public static WorkerCapabilities Worker(string name, params string[] warm) => new(name, Kinds, Models, warm);

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    public static DispatchQueue Queue(DispatchOptions? options = null) => new(options ?? new DispatchOptions());

    public static void Add(this DispatchQueue queue, JobTicket job, int windows, double at = 0, int step = 0) =>
        queue.Enqueue(job, Model, Tasks(windows, step), At(at));

    public static string? NextJob(this DispatchQueue queue, double at = 0, params string[] warm) => queue.Lease(Worker("w", warm), At(at))?.Task.JobId;

    public static string[] NextJobs(this DispatchQueue queue, int count, double at = 0, params string[] warm) =>
        [.. Enumerable.Range(0, count).Select(_ => queue.NextJob(at, warm)!)];
}
