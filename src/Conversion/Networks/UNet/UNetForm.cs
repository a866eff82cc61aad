using HunyuanPortrait.Conversion.Networks.Dialects;

namespace HunyuanPortrait.Conversion.Networks.UNet;

/// <summary>Which inputs a UNet graph has, at which sizes.</summary>
/// <param name="Branches">Guidance branch of every batch entry.</param>
/// <param name="Frames">Frames per window.</param>
/// <param name="Height">Of the latents.</param>
/// <param name="Width">Of the latents.</param>
/// <param name="ImageTokens">Tokens per image.</param>
/// <param name="MotionTokens">Tokens per frame.</param>
public sealed record UNetForm(IReadOnlyList<GuidanceBranch> Branches, int Frames, int Height, int Width, int ImageTokens, int MotionTokens)
{
    /// <summary>
    /// False: the product's inputs, where everything that branches or frames share is given once (<c>NetworkNames.UNetTwoBranch</c>).
    /// True: the reference's inputs, where every branch and frame has its own (SPEC §7).
    /// </summary>
    public bool HasReferenceInputs { get; init; }

    /// <summary>With the reference's inputs: whether pose features are among them.</summary>
    public bool HasPoseFeatures { get; init; } = true;

    /// <summary>Weight of the motion attention.</summary>
    public float MotionScale { get; init; } = 1f;
}
