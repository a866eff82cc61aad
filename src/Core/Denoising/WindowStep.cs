using System.Numerics.Tensors;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>What all windows of one step have in common.</summary>
/// <param name="Index">Executed step, counted from 0.</param>
/// <param name="Noise">Its noise levels.</param>
/// <param name="Guidance">Its guidance scales.</param>
public readonly record struct DenoisingStep(int Index, NoiseStep Noise, GuidanceScales Guidance);

/// <summary>The memory that one window needs; reused from window to window.</summary>
public sealed class WindowBuffers
{
    /// <summary>Allocates the buffers.</summary>
    /// <param name="windowLength">Frames per window.</param>
    /// <param name="latentValues">Floats of one frame's latents.</param>
    /// <param name="tokenValues">Floats of one frame's motion tokens.</param>
    public WindowBuffers(int windowLength, int latentValues, int tokenValues)
    {
        WindowLength = windowLength;
        LatentValues = latentValues;
        TokenValues = tokenValues;
        Latents = new float[windowLength * latentValues];
        MotionTokens = new float[windowLength * tokenValues];
        Scaled = new float[windowLength * latentValues];
        Velocity = new float[windowLength * latentValues];
    }

    /// <summary>Frames per window.</summary>
    public int WindowLength { get; }

    /// <summary>Floats of one frame's latents.</summary>
    public int LatentValues { get; }

    /// <summary>Floats of one frame's motion tokens.</summary>
    public int TokenValues { get; }

    /// <summary>Noisy latents of the window's frames before the step, less noisy ones after it, <c>[windowLength, latentValues]</c>.</summary>
    public Memory<float> Latents { get; }

    /// <summary>Motion tokens of the window's frames, <c>[windowLength, tokenValues]</c>.</summary>
    public Memory<float> MotionTokens { get; }

    /// <summary>What the UNet saw of the latents.</summary>
    public Memory<float> Scaled { get; }

    /// <summary>What the UNet answered, after guidance.</summary>
    public Memory<float> Velocity { get; }

    /// <summary>The latents of one place in the window.</summary>
    public Span<float> LatentsAt(int index) => Latents.Span.Slice(index * LatentValues, LatentValues);

    /// <summary>The motion tokens of one place in the window.</summary>
    public Span<float> MotionTokensAt(int index) => MotionTokens.Span.Slice(index * TokenValues, TokenValues);
}

/// <summary>
/// One window at one step: the unit of work that can run anywhere. A pure function of latents, tokens and step; it knows neither the clip nor its
/// other windows.
/// </summary>
/// <param name="denoiser">The guided UNet.</param>
/// <param name="conditioning">The job's constants.</param>
public sealed class WindowStep(IWindowDenoiser denoiser, PortraitConditioning conditioning)
{
    /// <summary>Scales, predicts, and moves <see cref="WindowBuffers.Latents"/> to the next noise level, in place.</summary>
    /// <param name="step">Noise levels and guidance.</param>
    /// <param name="window">For messages only.</param>
    /// <param name="buffers">Latents and motion tokens of the window's frames.</param>
    /// <param name="cancellationToken">Interrupts the prediction.</param>
    /// <exception cref="Errors.RenderException">HP5101: the result has values that are not numbers.</exception>
    public void Run(DenoisingStep step, FrameWindow window, WindowBuffers buffers, CancellationToken cancellationToken)
    {
        var latents = buffers.Latents.Span;
        EulerStep.ScaleInput(latents, step.Noise.Sigma, buffers.Scaled.Span);
        var input = new WindowInput(buffers.Scaled, buffers.MotionTokens, step.Noise.Timestep, step.Guidance);
        denoiser.Predict(conditioning, input, buffers.Velocity.Span, cancellationToken);
        EulerStep.Advance(step.Noise, buffers.Velocity.Span, latents, latents);
        if (!TensorPrimitives.IsFiniteAll<float>(latents))
            throw DenoisingErrors.NotFinite(step.Index, window, NotFiniteCount(latents));
    }

    private static int NotFiniteCount(ReadOnlySpan<float> values)
    {
        var count = 0;
        foreach (var value in values)
            count += float.IsFinite(value) ? 0 : 1;
        return count;
    }
}
