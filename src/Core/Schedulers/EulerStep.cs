using System.Numerics;
using System.Numerics.Tensors;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Schedulers;

/// <summary>
/// Euler's method for v-prediction, without churn (SPEC §9.7). All arithmetic is float32 in the reference's order, element by element;
/// results may overwrite inputs of the same length.
/// </summary>
public static class EulerStep
{
    /// <summary>What the UNet sees of noisy latents: <c>x / √(σ²+1)</c>.</summary>
    public static void ScaleInput(ReadOnlySpan<float> sample, float sigma, Span<float> scaled) =>
        TensorPrimitives.Divide(sample, MathF.Sqrt(sigma * sigma + 1), scaled);

    /// <summary>Noise on clean latents: <c>x + σ·noise</c>.</summary>
    public static void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float sigma, Span<float> noisy) =>
        Elementwise.Apply(new NoiseKernel(sigma), clean, noise, noisy);

    /// <summary>The clean latents that a velocity predicts: <c>v·(−σ/√(σ²+1)) + x/(σ²+1)</c>.</summary>
    public static void PredictClean(float sigma, ReadOnlySpan<float> velocity, ReadOnlySpan<float> sample, Span<float> clean) =>
        Elementwise.Apply(new CleanKernel(sigma), velocity, sample, clean);

    /// <summary>Moves latents from one noise level to the next: <c>x + (x − x₀)/σ·(σₙₑₓₜ − σ)</c>.</summary>
    public static void Advance(NoiseStep step, ReadOnlySpan<float> velocity, ReadOnlySpan<float> sample, Span<float> next) =>
        Elementwise.Apply(new AdvanceKernel(step), velocity, sample, next);

    private readonly struct NoiseKernel(float sigma) : IPairKernel
    {
        public Vector<float> Apply(Vector<float> x, Vector<float> y) => x + y * sigma;
    }

    private readonly struct CleanKernel(float sigma) : IPairKernel
    {
        private readonly float velocityFactor = -sigma / MathF.Sqrt(sigma * sigma + 1);
        private readonly Vector<float> divisor = new(sigma * sigma + 1);

        public Vector<float> Apply(Vector<float> x, Vector<float> y) => x * velocityFactor + y / divisor;
    }

    private readonly struct AdvanceKernel(NoiseStep step) : IPairKernel
    {
        private readonly CleanKernel clean = new(step.Sigma);
        private readonly Vector<float> sigma = new(step.Sigma);
        private readonly float distance = step.SigmaNext - step.Sigma;

        public Vector<float> Apply(Vector<float> x, Vector<float> y) => y + (y - clean.Apply(x, y)) / sigma * distance;
    }
}
