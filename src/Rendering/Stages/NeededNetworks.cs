using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>The networks that a run will use, so that one that is missing or damaged shows before any work is done.</summary>
internal static class NeededNetworks
{
    private static readonly string[] Always =
    [
        NetworkNames.ImageEncoder, NetworkNames.ImageProjection, NetworkNames.VaeEncoder, NetworkNames.PoseGuider, NetworkNames.UNetFirstLayer,
        NetworkNames.Expression, NetworkNames.HeadPose, NetworkNames.MotionRefiner, NetworkNames.VaeDecoder,
    ];

    /// <summary>Steps with equal guidance scales need two branches of the UNet, others three.</summary>
    public static IReadOnlyList<string> Of(GuidanceSchedule guidance, Func<string, bool> contains)
    {
        var names = new List<string>(Always);
        if (contains(NetworkNames.ArcFace))
            names.Add(NetworkNames.ArcFace);
        var steps = Enumerable.Range(0, guidance.StepCount).Select(step => guidance[step].NeedsDropBranch).ToHashSet();
        if (steps.Contains(false))
            names.Add(NetworkNames.UNetTwoBranch);
        if (steps.Contains(true))
            names.Add(NetworkNames.UNetThreeBranch);
        return names;
    }
}
