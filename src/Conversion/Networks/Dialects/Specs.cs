using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>A convolution layer.</summary>
/// <param name="OutChannels">Channels of the result.</param>
/// <param name="Kernel">Side of the square kernel.</param>
/// <param name="Geometry">Strides and padding, in NCHW order of axes.</param>
/// <param name="HasBias">Whether the layer has a bias.</param>
public sealed record ConvSpec(int OutChannels, int Kernel, ConvGeometry Geometry, bool HasBias = true)
{
    /// <summary>3×3, padding 1.</summary>
    public static ConvSpec Same3(int outChannels, int stride = 1, bool hasBias = true) => new(outChannels, 3, ConvGeometry.Square(1, stride), hasBias);

    /// <summary>1×1.</summary>
    public static ConvSpec Point(int outChannels, int stride = 1, bool hasBias = true) => new(outChannels, 1, ConvGeometry.Square(0, stride), hasBias);
}

/// <summary>A group norm.</summary>
/// <param name="Groups">Number of groups.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Silu">Whether SiLU follows.</param>
public sealed record NormSpec(int Groups, float Epsilon, bool Silu);

/// <summary>Rows of tokens that attend to each other.</summary>
/// <param name="Value">The rows, in the dialect's layout.</param>
/// <param name="Sequences">How many sequences; may be free.</param>
/// <param name="Length">Tokens per sequence.</param>
public sealed record Tokens(Value Value, int Sequences, int Length)
{
    /// <summary>Floats per token.</summary>
    public int Width => Value[^1];
}

/// <summary>One of the three guidance branches (SPEC §9.5).</summary>
public enum GuidanceBranch
{
    /// <summary>No image, no motion: both cross attentions are exactly zero.</summary>
    Uncond,

    /// <summary>Image without motion: the motion half of the cross attentions is exactly zero.</summary>
    Drop,

    /// <summary>Image and motion.</summary>
    Cond,
}

/// <summary>What the cross attentions look at.</summary>
/// <param name="ImageTokens"><c>[1, N, D]</c> where all frames share them, else <c>[B·F, N, D]</c>.</param>
/// <param name="MotionTokens">Of the frames that have motion, <c>[frames, N, D]</c>.</param>
/// <param name="Branches">Branch of every batch entry, in batch order.</param>
/// <param name="Frames">Frames per batch entry.</param>
/// <param name="MotionScale">Weight of the motion attention (<c>ip_motion_scale</c>).</param>
public sealed record CrossContext(Value ImageTokens, Value MotionTokens, IReadOnlyList<GuidanceBranch> Branches, int Frames, float MotionScale)
{
    /// <summary>True when all frames of all branches look at the same image tokens.</summary>
    public bool SharedImage => ImageTokens[0] == 1;
}

/// <summary>The learned mixture of a spatial and a temporal result, <c>α = sigmoid(mix_factor)</c>.</summary>
/// <param name="Name">Of the mix factor.</param>
/// <param name="Reversed">False: <c>α·spatial + (1−α)·temporal</c>; true: the other way round (SPEC §8).</param>
public sealed record MixSpec(string Name, bool Reversed);
