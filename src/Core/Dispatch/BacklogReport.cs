namespace HunyuanPortrait.Core.Dispatch;

/// <summary>Sums up what waits and what runs.</summary>
internal static class BacklogReport
{
    public static IReadOnlyList<LaneBacklog> Of(IEnumerable<JobQueue> jobs, TimeSpan now)
    {
        var lanes = new Dictionary<DispatchLane, LaneBacklog>();
        foreach (var job in jobs)
        {
            foreach (var task in job.Tasks.Values)
            {
                var lane = task.Lane.Lane;
                var sum = lanes.GetValueOrDefault(lane) ?? new LaneBacklog(lane, 0, 0, TimeSpan.Zero);
                if (!task.Leases.IsEmpty)
                    lanes[lane] = sum with { Leased = sum.Leased + 1 };
                else if (!job.IsPaused)
                    lanes[lane] = sum with { Ready = sum.Ready + 1, OldestWait = Longer(sum.OldestWait, now - task.ReadySince) };
            }
        }

        return [.. lanes.Values.OrderBy(lane => lane.Lane.Kind).ThenBy(lane => lane.Lane.Model, StringComparer.Ordinal)];
    }

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
