using CsCheck;
using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Jobs;
using static HunyuanPortrait.Core.Tests.Dispatch.Workload;

namespace HunyuanPortrait.Core.Tests.Dispatch;

/// <summary>Random calls against the plainest model: which tasks there are, who holds them, which jobs are paused.</summary>
public sealed class DispatchQueueModelTests
{
    private static readonly Gen<(int Action, int Pick, int Seconds)[]> Calls =
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 1000], Gen.Int[0, 6]).Array[0, 120];

    [Fact]
    public void Queue_AnyCalls_LosesNothingAndLeasesNothingTwice() => Calls.Sample(calls =>
    {
        var run = new Run();
        foreach (var (action, pick, seconds) in calls)
            run.Do(action, pick, seconds);
        run.Drain();
    }, iter: 300);

    private sealed class Run
    {
        private readonly DispatchQueue queue = Queue(new DispatchOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(10),
            Stragglers = new StragglerOptions(2, 2),
            Patience = TimeSpan.FromSeconds(5),
            ReliefInterval = 3,
        });

        private readonly Dictionary<JobTask, List<TaskLease>> tasks = [];
        private readonly HashSet<string> paused = [];
        private readonly List<long> numbers = [0];
        private TimeSpan now;

        public void Do(int action, int pick, int seconds)
        {
            now += TimeSpan.FromSeconds(seconds * 0.5);
            var job = $"job{pick % 5}";
            switch (action)
            {
                case < 5:
                    Enqueue(job, pick);
                    break;
                case < 11:
                    Lease($"w{pick % 4}", job);
                    break;
                case < 14:
                    Complete(pick);
                    break;
                case 14:
                    HandBack(pick);
                    break;
                case 15:
                    Assert.Equal(Open.Any(lease => lease.Number == numbers[pick % numbers.Count]), queue.Renew(numbers[pick % numbers.Count], now) is not null);
                    break;
                case 16:
                    Assert.All(queue.Expire(now), lease => Assert.True(tasks[lease.Task].RemoveAll(each => each.Number == lease.Number) == 1));
                    break;
                case 17:
                    queue.Pause(job);
                    paused.Add(job);
                    break;
                case 18:
                    queue.Resume(job, now);
                    paused.Remove(job);
                    break;
                default:
                    Drop(job);
                    break;
            }

            Check();
        }

        public void Drain()
        {
            foreach (var job in paused.ToArray())
                Do(18, job[^1] - '0', 0);
            while (tasks.Count > 0)
            {
                foreach (var lease in Open.ToArray())
                    Complete(numbers.IndexOf(lease.Number));
                Lease("last", "job0");
            }

            Assert.Empty(queue.Backlog(now));
            Assert.Null(queue.NextDeadline);
        }

        private IEnumerable<TaskLease> Open => tasks.Values.SelectMany(leases => leases);

        private void Enqueue(string job, int pick)
        {
            var ids = Enumerable.Range(pick % 3, pick % 4).Select(window => TaskId.Denoise(pick % 2, window)).ToList();
            var added = ids.Count(id => tasks.TryAdd(new JobTask(job, id), []));
            Assert.Equal(added, queue.Enqueue(Job(job, $"tenant{job[^1] % 2}", pick % 3), Model, ids, now));
        }

        private void Lease(string worker, string warm)
        {
            var mayLease = tasks.Any(task => task.Value.Count == 0 && !paused.Contains(task.Key.JobId));
            var lease = queue.Lease(Worker(worker, warm), now);
            Assert.Equal(mayLease, lease is { Helps: null });
            if (lease is null)
                return;
            Assert.DoesNotContain(lease.Task.JobId, paused);
            Assert.Equal(lease.Helps, tasks[lease.Task].SingleOrDefault()?.Number);
            Assert.DoesNotContain(tasks[lease.Task], other => other.Worker == worker);
            tasks[lease.Task].Add(lease);
            numbers.Add(lease.Number);
        }

        private void Complete(int pick)
        {
            var number = numbers[pick % numbers.Count];
            if (Open.FirstOrDefault(lease => lease.Number == number) is not { } lease)
                return;
            Assert.True(queue.Complete(number, lease.Task, now));
            tasks.Remove(lease.Task);
        }

        private void HandBack(int pick)
        {
            var number = numbers[pick % numbers.Count];
            Assert.Equal(Open.Any(lease => lease.Number == number), queue.HandBack(number, now));
            foreach (var leases in tasks.Values)
                leases.RemoveAll(lease => lease.Number == number);
        }

        private void Drop(string job)
        {
            var expected = Open.Where(lease => lease.Task.JobId == job).Select(lease => lease.Number).Order();
            Assert.Equal(expected, queue.Drop(job).Select(lease => lease.Number).Order());
            foreach (var task in tasks.Keys.Where(task => task.JobId == job).ToArray())
                tasks.Remove(task);
            paused.Remove(job);
        }

        private void Check()
        {
            var backlog = queue.Backlog(now);
            Assert.Equal(tasks.Count(task => task.Value.Count > 0), backlog.Sum(lane => lane.Leased));
            Assert.Equal(tasks.Count(task => task.Value.Count == 0 && !paused.Contains(task.Key.JobId)), backlog.Sum(lane => lane.Ready));
        }
    }
}
