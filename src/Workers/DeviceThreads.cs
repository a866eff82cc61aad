namespace HunyuanPortrait.Workers;

/// <summary>
/// Threads for networks, which block for seconds; the thread pool is for what waits and what is short. There are as many as calls have run at a time, and
/// they stay for the next ones, asleep. Thread-safe. Disposing ends them as they get free.
/// </summary>
internal sealed class DeviceThreads : TaskScheduler, IDisposable
{
    // A lock that is waited on: what spins takes the cores away from the networks.
    private readonly object gate = new();
    private readonly Queue<Task> calls = [];
    private int free;
    private bool isDisposed;

    public Task RunAsync(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    public Task<T> RunAsync<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            Monitor.PulseAll(gate);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (gate)
        {
            calls.Enqueue(task);
            if (calls.Count <= free)
                Monitor.Pulse(gate);
            else
                new Thread(Loop) { IsBackground = true, Name = nameof(DeviceThreads) }.Start();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
            return [.. calls];
    }

    private void Loop()
    {
        while (Next() is { } call)
            TryExecuteTask(call);
    }

    private Task? Next()
    {
        lock (gate)
        {
            free++;
            while (calls.Count == 0 && !isDisposed)
                Monitor.Wait(gate);
            free--;
            return calls.TryDequeue(out var call) ? call : null;
        }
    }
}
