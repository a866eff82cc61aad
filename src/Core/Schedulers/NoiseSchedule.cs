using System.Collections.Immutable;
using HunyuanPortrait.Core.Options;

namespace HunyuanPortrait.Core.Schedulers;

/// <summary>One Euler step: from one noise level to the next.</summary>
/// <param name="Sigma">Noise level of the input.</param>
/// <param name="SigmaNext">Noise level of the result; 0 for the last step.</param>
/// <param name="Timestep">What the UNet is told: <c>0.25·ln σ</c>.</param>
public readonly record struct NoiseStep(float Sigma, float SigmaNext, float Timestep);

/// <summary>The noise levels of a render, an immutable value (SPEC §9.1, §9.2).</summary>
public sealed class NoiseSchedule
{
    private NoiseSchedule(ImmutableArray<float> sigmas)
    {
        Sigmas = sigmas;
        Timesteps = [.. sigmas[..^1].Select(sigma => (float)(0.25 * Math.Log(sigma)))];
    }

    /// <summary>Noise levels of the executed steps, descending, and the final 0: <see cref="StepCount"/> + 1 values.</summary>
    public ImmutableArray<float> Sigmas { get; }

    /// <summary><c>0.25·ln σ</c> for every executed step.</summary>
    public ImmutableArray<float> Timesteps { get; }

    /// <summary>Number of executed steps.</summary>
    public int StepCount => Timesteps.Length;

    /// <summary>One executed step, counted from 0.</summary>
    public NoiseStep this[int step] => new(Sigmas[step], Sigmas[step + 1], Timesteps[step]);

    /// <summary>Spaces the levels evenly in <c>σ^(1/ρ)</c>, in double, and keeps the last part of them.</summary>
    /// <param name="settings">Range of the levels.</param>
    /// <param name="inferenceSteps">Steps of the whole schedule, at least 1.</param>
    /// <param name="strength">Fraction of the steps that is executed, (0, 1]; the first ones are skipped.</param>
    /// <exception cref="Errors.RenderException">HP3001: no step would be executed.</exception>
    public static NoiseSchedule Create(SchedulerSettings settings, int inferenceSteps, double strength = 1)
    {
        var executed = ExecutedSteps(inferenceSteps, strength);
        if (inferenceSteps < 1 || executed < 1)
            throw OptionErrors.Invalid([$"strength ({strength}) of inferenceSteps ({inferenceSteps}) must leave at least one step"]);
        var sigmas = ImmutableArray.CreateBuilder<float>(executed + 1);
        for (var i = inferenceSteps - executed; i < inferenceSteps; i++)
            sigmas.Add(SigmaAt(settings, i, inferenceSteps));
        sigmas.Add(0);
        return new NoiseSchedule(sigmas.MoveToImmutable());
    }

    /// <summary>How many steps a strength leaves: <c>min(trunc(N·strength), N)</c>.</summary>
    internal static int ExecutedSteps(int inferenceSteps, double strength) => Math.Min((int)(inferenceSteps * strength), inferenceSteps);

    private static float SigmaAt(SchedulerSettings settings, int step, int steps)
    {
        var high = Math.Pow(settings.SigmaMax, 1 / SchedulerSettings.Rho);
        var low = Math.Pow(settings.SigmaMin, 1 / SchedulerSettings.Rho);
        var ramp = steps == 1 ? 0 : (double)step / (steps - 1);
        return (float)Math.Pow(high + ramp * (low - high), SchedulerSettings.Rho);
    }
}
