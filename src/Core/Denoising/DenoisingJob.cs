using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>Everything that decides the latents of a clip.</summary>
/// <param name="Conditioning">The portrait's constants.</param>
/// <param name="LatentScalingFactor">Reference latents are multiplied by it where the noise is added (SPEC §9.3).</param>
/// <param name="MotionTokens">Of the driving frames; padding is computed on reading.</param>
/// <param name="PaddingFrames">Faded frames on each side.</param>
/// <param name="Noise">Of every padded frame.</param>
/// <param name="Schedule">Noise levels of the executed steps.</param>
/// <param name="Guidance">Guidance scales of the executed steps.</param>
/// <param name="Windows">Window plan.</param>
public sealed record DenoisingJob(
    PortraitConditioning Conditioning,
    float LatentScalingFactor,
    IFrameStore MotionTokens,
    int PaddingFrames,
    INoiseSource Noise,
    NoiseSchedule Schedule,
    GuidanceSchedule Guidance,
    WindowSettings Windows)
{
    /// <summary>The job that a model's settings make of a portrait and a performance.</summary>
    /// <param name="model">Noise levels and the latents' scale.</param>
    /// <param name="settings">All of them.</param>
    /// <param name="conditioning">The portrait's constants.</param>
    /// <param name="motionTokens">Of the driving frames; only those that are read need to be there.</param>
    public static DenoisingJob Create(ModelManifest model, RenderDefaults settings, PortraitConditioning conditioning, IFrameStore motionTokens)
    {
        var schedule = NoiseSchedule.Create(model.Scheduler, settings.InferenceSteps, settings.Strength);
        return new DenoisingJob(
            conditioning, model.Geometry.LatentScalingFactor, motionTokens, settings.PaddingFrames, new SeededNoise(settings.Seed), schedule,
            GuidanceSchedule.Create(settings.Guidance, schedule.StepCount), settings.Windows);
    }

    /// <summary>Driving frames and padding.</summary>
    public PaddingPlan Padding => new(MotionTokens.FrameCount, PaddingFrames);

    /// <summary>One executed step, counted from 0.</summary>
    public DenoisingStep StepAt(int step) => new(step, Schedule[step], Guidance[step]);

    /// <summary>Fills the buffers with what a window reads.</summary>
    /// <param name="window">The window.</param>
    /// <param name="latents">Before the step; only the window's frames are read.</param>
    /// <param name="buffers">Receives latents and motion tokens.</param>
    public void Gather(FrameWindow window, IFrameStore latents, WindowBuffers buffers)
    {
        for (var index = 0; index < window.Length; index++)
        {
            var frame = window.FrameAt(index, latents.FrameCount);
            latents.Read(frame, buffers.LatentsAt(index));
            Padding.ReadTokens(MotionTokens, frame, buffers.MotionTokensAt(index));
        }
    }
}

/// <summary>How far denoising has come.</summary>
/// <param name="Step">The current step, counted from 1.</param>
/// <param name="StepCount">Steps of the job.</param>
/// <param name="Window">Complete windows of the current step.</param>
/// <param name="WindowCount">Windows of the current step.</param>
public readonly record struct DenoisingProgress(int Step, int StepCount, int Window, int WindowCount);

/// <summary>Sees the latents at work; for tests and parity checks. Stores are only valid during the call.</summary>
public interface IDenoisingObserver
{
    /// <summary>The initial latents of all padded frames.</summary>
    void Started(IFrameStore latents);

    /// <summary>A window after its Euler step, before blending.</summary>
    void WindowCompleted(int stepIndex, int windowIndex, WindowBuffers buffers);

    /// <summary>The blended latents of all padded frames.</summary>
    void StepCompleted(int stepIndex, IFrameStore latents);
}
