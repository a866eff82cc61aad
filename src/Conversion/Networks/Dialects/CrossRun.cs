using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>Consecutive batch entries of one branch.</summary>
/// <param name="Branch">Their branch.</param>
/// <param name="First">Index of the first entry.</param>
/// <param name="Count">How many.</param>
internal sealed record BranchRun(GuidanceBranch Branch, int First, int Count)
{
    /// <summary>Cuts a batch into runs.</summary>
    public static IReadOnlyList<BranchRun> Of(IReadOnlyList<GuidanceBranch> branches)
    {
        var runs = new List<BranchRun>();
        for (var i = 0; i < branches.Count; i++)
        {
            if (runs.Count > 0 && runs[^1].Branch == branches[i])
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            else
                runs.Add(new BranchRun(branches[i], i, 1));
        }

        return runs;
    }
}

/// <summary>What one run of batch entries looks at: <c>[G, N, D]</c>, where the run's rows are cut into G equal parts in order.</summary>
internal sealed record CrossRun(CrossContext Context, BranchRun Run, bool OverTime)
{
    /// <summary>Image tokens: one group where all frames share them (then queries form one long sequence), else one per frame or per window.</summary>
    public Value ImageTokens(GraphBuilder graph) => Context.SharedImage ? Context.ImageTokens : PerFrameOrMean(graph, Context.ImageTokens);

    /// <summary>Motion tokens; null where they are zero, so that their attention is exactly zero.</summary>
    public Value? MotionTokens(GraphBuilder graph) =>
        Run.Branch == GuidanceBranch.Drop || Context.MotionScale == 0f ? null : PerFrameOrMean(graph, Context.MotionTokens);

    /// <summary>Tokens of each frame, or their mean over the window for sequences over time (SPEC §7.4): never repeated over pixels.</summary>
    private Value PerFrameOrMean(GraphBuilder graph, Value tokens) => OverTime
        ? graph.ReduceMean(graph.Reshape(tokens, tokens[0] / Context.Frames, Context.Frames, tokens[1], tokens[2]), [1], keepDims: false)
        : tokens;
}
