using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Models;

namespace HunyuanPortrait.Benchmarks;

/// <summary>One whole clip at the small sizes: every window of every step, then the decoder.</summary>
internal static class ClipBenchmark
{
    private const double Tolerance = 1e-4;
    private const int WarmUp = 1;

    public static Report Run(string python, int pairs, int frames)
    {
        using var workbench = new Workbench();
        var portrait = PortraitInputs.Random();
        using var clip = new Clip(workbench, portrait, frames);
        var inputs = portrait.Named(clip.MotionTokens);
        inputs["noise"] = clip.Noise;
        using var pyTorch = workbench.StartPyTorch(python, Configuration(), inputs, CheckpointLabels.UNet, CheckpointLabels.Vae);
        var latents = clip.Denoise(clip.Denoiser);
        var ours = Contender.Of("ours", () => clip.Decode(clip.Denoise(clip.Denoiser)));
        return new Report(
            $"One clip, {frames} frames of {Workbench.Architecture.ImageSize}×{Workbench.Architecture.ImageSize}, {Workbench.Architecture.Defaults.InferenceSteps} steps, decoded, fp32",
            Report.DescribeMachine(),
            pyTorch.Description,
            [
                Agreement.Of("latents", "PyTorch pair", latents, workbench.Result(pyTorch, "pair", "latents")).Require(Tolerance),
                Agreement.Of("frames", "PyTorch pair", clip.Decode(latents), workbench.Result(pyTorch, "pair", "frames")).Require(Tolerance),
            ],
            [SideBySide.Measure(ours, pyTorch.Variant("pair"), pairs, WarmUp), SideBySide.Measure(ours, pyTorch.Variant("reference"), pairs, WarmUp)]);
    }

    private static JsonObject Configuration()
    {
        var (defaults, scheduler) = (Workbench.Architecture.Defaults, Workbench.Architecture.Scheduler);
        var (guidance, micro) = (defaults.Guidance, defaults.MicroConditioning);
        return new JsonObject
        {
            ["kind"] = "clip",
            ["decode_chunk_size"] = defaults.DecodeChunkLength,
            ["sampling"] = new JsonObject
            {
                ["steps"] = defaults.InferenceSteps,
                ["frames_per_batch"] = defaults.Windows.Length,
                ["overlap"] = defaults.Windows.Overlap,
                ["shift_offset"] = defaults.Windows.Shift,
                ["appearance_guidance"] = new JsonArray(guidance.MinAppearance, guidance.MaxAppearance),
                ["motion_guidance"] = new JsonArray(guidance.MinMotion, guidance.MaxMotion),
                ["added_time_ids"] = new JsonArray(micro.Fps, micro.MotionBucket, micro.NoiseAugmentation),
                ["sigma_min"] = scheduler.SigmaMin,
                ["sigma_max"] = scheduler.SigmaMax,
            },
        };
    }
}
