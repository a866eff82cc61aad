namespace HunyuanPortrait.Evaluation.Variants;

/// <summary>One way of making the pictures of a clip.</summary>
public enum Variant
{
    /// <summary>The model at its defaults.</summary>
    Model,

    /// <summary>The truth itself: what every measure says of perfect pictures.</summary>
    Truth,

    /// <summary>The truth through the model's VAE: the ceiling.</summary>
    Vae,

    /// <summary>Baseline: the portrait held still.</summary>
    PortraitHeld,

    /// <summary>Baseline: the driving frame copied.</summary>
    DrivingCopied,

    /// <summary>Ablation: motion guidance 0, so motion tokens have no effect.</summary>
    MotionDropped,

    /// <summary>Ablation: image tokens and portrait latents are zero.</summary>
    AppearanceDropped,

    /// <summary>Ablation: windows of the model's length, each denoised for itself and laid end to end.</summary>
    SeparateWindows,
}

/// <summary>What variants are for.</summary>
public static class VariantGroups
{
    /// <summary>Cost nothing but drawing and decoding, so every clip has them.</summary>
    public static IReadOnlyList<Variant> Always { get; } = [Variant.Model, Variant.Truth, Variant.Vae, Variant.PortraitHeld, Variant.DrivingCopied];

    /// <summary>Cost as much as the model.</summary>
    public static IReadOnlyList<Variant> Ablations { get; } = [Variant.MotionDropped, Variant.AppearanceDropped, Variant.SeparateWindows];
}
