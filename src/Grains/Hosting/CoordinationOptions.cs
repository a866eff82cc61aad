using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>Times and limits of the grains. Immutable after start.</summary>
public sealed class CoordinationOptions
{
    /// <summary>How long a lease lasts without being renewed; workers renew after a third of it. 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker's question for work may stay unanswered; less than the response timeout. 10 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:25")]
    public TimeSpan PollDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a job looks whether anything was lost: a pool that was restarted, a segment that waits. 2 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the pool wakes the jobs that it has not heard of. 5 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan WakeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a job waits for a worker that has its model before it fails. 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "7.00:00:00")]
    public TimeSpan ModelTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a task may fail for reasons that may pass before its job fails. 5 by default.</summary>
    [Range(1, 100)]
    public int MaximumAttempts { get; set; } = 5;

    /// <summary>Tasks that a device has in hand: while one is computed, the next one's inputs are read. 2 by default.</summary>
    [Range(1, 8)]
    public int TasksInHand { get; set; } = 2;

    /// <summary>How long a device that is stopped may finish what it has in hand before it gives it back. 20 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether an idle worker may compute a task a second time that takes far longer than expected. False by default.</summary>
    public bool HelpStragglers { get; set; }

    /// <summary>Whether what only the computation needed stays after a job has ended. False by default.</summary>
    public bool KeepIntermediates { get; set; }
}

/// <summary>Checks the ranges.</summary>
[OptionsValidator]
internal sealed partial class CoordinationOptionsValidator : IValidateOptions<CoordinationOptions>;
