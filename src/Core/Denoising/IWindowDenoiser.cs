using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>One window at one step, ready for the UNet.</summary>
/// <param name="ScaledLatents">Noisy latents divided by <c>sqrt(σ²+1)</c>, <c>[windowLength, 4, h, w]</c>.</param>
/// <param name="MotionTokens">Of the window's frames, <c>[windowLength, motionTokens, tokenWidth]</c>.</param>
/// <param name="Timestep">The continuous timestep <c>0.25·ln σ</c>.</param>
/// <param name="Guidance">The step's guidance scales.</param>
public sealed record WindowInput(ReadOnlyMemory<float> ScaledLatents, ReadOnlyMemory<float> MotionTokens, float Timestep, GuidanceScales Guidance);

/// <summary>The guided UNet on one window: predicts velocity (SPEC §7, §9.5). Safe for concurrent use.</summary>
public interface IWindowDenoiser
{
    /// <summary>Frames per window; fixed by the model.</summary>
    int WindowLength { get; }

    /// <summary>Predicts and combines the guidance branches.</summary>
    /// <param name="conditioning">The portrait's constants.</param>
    /// <param name="input">The window.</param>
    /// <param name="velocity">Receives the guided velocity, <c>[windowLength, 4, h, w]</c>.</param>
    /// <param name="cancellationToken">Interrupts a running forward pass.</param>
    void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken);
}
