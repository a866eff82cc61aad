using System.Numerics;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Guidance;

/// <summary>Combines the branches of a guided prediction in one pass (SPEC §9.5).</summary>
public static class GuidanceCombiner
{
    /// <summary>
    /// With branches (uncond, cond): <c>v0 + g·(v2 − v0)</c>; with (uncond, drop, cond): <c>v0 + g1·(v1 − v0) + g2·(v2 − v1)</c>.
    /// </summary>
    /// <param name="scales">The step's scales.</param>
    /// <param name="branches">Two or three predictions, one behind the other.</param>
    /// <param name="velocity">Receives the guided prediction; a half or a third of the length of <paramref name="branches"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or the middle branch is needed and missing.</exception>
    public static void Combine(GuidanceScales scales, ReadOnlySpan<float> branches, Span<float> velocity)
    {
        var length = velocity.Length;
        if (branches.Length == 3 * length)
            Elementwise.Apply(new ThreeBranches(scales), branches[..length], branches[length..(2 * length)], branches[(2 * length)..], velocity);
        else if (branches.Length != 2 * length)
            throw new ArgumentException($"Expected two or three branches of {length} elements, got {branches.Length} elements.", nameof(branches));
        else if (scales.NeedsDropBranch)
            throw new ArgumentException($"Unequal guidance scales ({scales.Appearance}, {scales.Motion}) need the drop branch.", nameof(branches));
        else
            Elementwise.Apply(new TwoBranches(scales.Appearance), branches[..length], branches[length..], velocity);
    }

    private readonly struct TwoBranches(float scale) : IPairKernel
    {
        public Vector<float> Apply(Vector<float> x, Vector<float> y) => x + (y - x) * scale;
    }

    private readonly struct ThreeBranches(GuidanceScales scales) : ITripleKernel
    {
        public Vector<float> Apply(Vector<float> x, Vector<float> y, Vector<float> z) =>
            x + (y - x) * scales.Appearance + (z - y) * scales.Motion;
    }
}
