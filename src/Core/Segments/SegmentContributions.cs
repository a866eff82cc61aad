using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Segments;

/// <summary>What a segment answers to a contribution.</summary>
public enum ContributionAnswer
{
    /// <summary>Noted.</summary>
    Added,

    /// <summary>It was there already, or its step is complete.</summary>
    Known,

    /// <summary>
    /// The segment is not that far. Cannot happen to a segment that remembers all it has completed, because the window read this segment's previous
    /// step: the activation that sees it has lost its place and must read its state again.
    /// </summary>
    Early,
}

/// <summary>Which windows of a segment's step in hand are there; an immutable value, persisted by its two parts.</summary>
public sealed class SegmentContributions
{
    private readonly SegmentPlan plan;
    private readonly int segment;

    /// <summary>Starts a segment, or goes on with one.</summary>
    /// <param name="plan">The job's segments.</param>
    /// <param name="segment">Which segment.</param>
    /// <param name="completedSteps">How many steps it has completed.</param>
    /// <param name="results">Key of the accepted result of every window that is there; of the step in hand. Null for none.</param>
    public SegmentContributions(SegmentPlan plan, int segment, int completedSteps = 0, IEnumerable<KeyValuePair<int, string>>? results = null)
    {
        this.plan = plan;
        this.segment = segment;
        CompletedSteps = completedSteps;
        Results = results?.ToImmutableSortedDictionary() ?? ImmutableSortedDictionary<int, string>.Empty;
        Expected = HasEnded ? [] : plan.WindowsOf(completedSteps, segment);
    }

    /// <summary>How many steps the segment has completed; also the step in hand, counted from 0.</summary>
    public int CompletedSteps { get; }

    /// <summary>Whether the segment is through its last step.</summary>
    public bool HasEnded => CompletedSteps == plan.StepCount;

    /// <summary>The windows that the step in hand is blended from, in the order of blending.</summary>
    public ImmutableArray<int> Expected { get; }

    /// <summary>Keys of the results that are there, by window, in the order of blending.</summary>
    public ImmutableSortedDictionary<int, string> Results { get; }

    /// <summary>Whether the step in hand can be blended.</summary>
    public bool IsReadyToBlend => !HasEnded && Results.Count == Expected.Length;

    /// <summary>Takes an accepted result.</summary>
    /// <param name="window">Step and window.</param>
    /// <param name="resultKey">Where the window's latents are.</param>
    /// <returns>The answer, and the value from now on: persist it before answering <see cref="ContributionAnswer.Added"/>.</returns>
    /// <exception cref="ArgumentException">The window does not touch the segment.</exception>
    public (ContributionAnswer Answer, SegmentContributions Next) Add(StepWindow window, string resultKey)
    {
        if (!plan.WindowsOf(window.Step, segment).Contains(window.Window))
            throw new ArgumentException($"{window} does not touch segment {segment}.", nameof(window));
        if (window.Step > CompletedSteps)
            return (ContributionAnswer.Early, this);
        if (window.Step < CompletedSteps || Results.ContainsKey(window.Window))
            return (ContributionAnswer.Known, this);
        return (ContributionAnswer.Added, new SegmentContributions(plan, segment, CompletedSteps, Results.Add(window.Window, resultKey)));
    }

    /// <summary>The value after the step in hand was blended and written.</summary>
    /// <exception cref="InvalidOperationException">Windows are missing.</exception>
    public SegmentContributions Complete() => IsReadyToBlend
        ? new SegmentContributions(plan, segment, CompletedSteps + 1)
        : throw new InvalidOperationException($"Segment {segment} has {Results.Count} of {Expected.Length} windows of step {CompletedSteps}.");
}
