using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Jobs;

/// <summary>What a task of each kind costs, in window-steps: one window at one step costs 1.</summary>
public sealed class TaskCosts
{
    private static readonly ImmutableArray<TaskKind> Kinds = [.. Enum.GetValues<TaskKind>()];

    private readonly ImmutableArray<double> costs;

    /// <summary>Costs by kind.</summary>
    /// <param name="costs">Of every kind, in the order of <see cref="TaskKind"/>; finite, not negative.</param>
    public TaskCosts(params ReadOnlySpan<double> costs)
    {
        if (costs.Length != Kinds.Length)
            throw new ArgumentException($"Expected {Kinds.Length} costs, got {costs.Length}.", nameof(costs));
        foreach (var cost in costs)
        {
            if (!double.IsFinite(cost) || cost < 0)
                throw new ArgumentException($"A cost ({cost}) must be a number that is not negative.", nameof(costs));
        }

        this.costs = [.. costs];
    }

    /// <summary>
    /// A guess that holds for the official sizes within a factor of two: denoising is nine tenths of a job. It moves the fraction and the early
    /// estimate a little; once a stage is under way its own rate decides.
    /// </summary>
    public static TaskCosts Typical { get; } = new(1, 4, 0.3, 1, 0.4, 0.5, 1);

    /// <summary>Cost of one task.</summary>
    public double this[TaskKind kind] => costs[(int)kind];

    /// <summary>Cost of all tasks of a plan.</summary>
    public double Total(TaskPlan plan) => Kinds.Sum(kind => plan.CountOf(kind) * this[kind]);
}
