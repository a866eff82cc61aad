namespace HunyuanPortrait.Rendering.Progress;

/// <summary>The stages of a render, in order.</summary>
public enum RenderStage
{
    /// <summary>Inputs are probed and settings checked.</summary>
    Validate,

    /// <summary>Networks are loaded.</summary>
    Load,

    /// <summary>The portrait becomes conditioning.</summary>
    Portrait,

    /// <summary>Driving frames become motion tokens.</summary>
    Motion,

    /// <summary>The sampler runs.</summary>
    Denoise,

    /// <summary>Latents become frames, frames become the video.</summary>
    Decode,
}

/// <summary>How far a stage is.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Done">Units that are finished: frames, or windows over all steps while denoising.</param>
/// <param name="Total">Units in the stage; 0 when unknown.</param>
/// <param name="FramesPerUnit">Frames that a unit stands for, so that a rate in frames per second can be shown.</param>
/// <param name="Denoising">Where the sampler is; null in other stages.</param>
public readonly record struct RenderProgress(RenderStage Stage, int Done, int Total, double FramesPerUnit, DenoisingPosition? Denoising = null);

/// <summary>Where the sampler is.</summary>
/// <param name="Step">Finished and current steps, 1-based.</param>
/// <param name="Steps">All steps.</param>
/// <param name="Window">Finished windows of the current step.</param>
/// <param name="Windows">Windows in the current step.</param>
public readonly record struct DenoisingPosition(int Step, int Steps, int Window, int Windows);
