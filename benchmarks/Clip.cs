using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Components;

namespace HunyuanPortrait.Benchmarks;

/// <summary>A clip of random motion, denoised and decoded by the product's own loop and components.</summary>
internal sealed class Clip : INetworkSet, IDisposable
{
    private readonly Workbench workbench;
    private readonly Dictionary<string, INetwork> networks = [];
    private readonly ModelGeometry geometry = Workbench.Architecture.Geometry(Workbench.Architecture.ImageSize, Workbench.Architecture.ImageSize);
    private readonly DenoisingJob job;
    private readonly FrameDecoder decoder;

    public Clip(Workbench workbench, PortraitInputs portrait, int frames)
    {
        this.workbench = workbench;
        var (defaults, size) = (Workbench.Architecture.Defaults, Workbench.LatentSize);
        MotionTokens = PortraitInputs.RandomMotion(frames);
        Noise = Workbench.Random("noise", 1.7, frames, Workbench.Architecture.Vae.LatentChannels, size, size);
        var schedule = NoiseSchedule.Create(Workbench.Architecture.Scheduler, defaults.InferenceSteps);
        job = new DenoisingJob(
            portrait.Encode(workbench), geometry.LatentScalingFactor, Stored(MotionTokens), PaddingFrames: 0, new RecordedNoise(Noise.Data), schedule,
            GuidanceSchedule.Create(defaults.Guidance, schedule.StepCount), defaults.Windows);
        Denoiser = new WindowDenoiser(this, geometry, defaults.MicroConditioning);
        decoder = new FrameDecoder(this, geometry);
    }

    public FloatTensor MotionTokens { get; }

    public FloatTensor Noise { get; }

    /// <summary>The product's UNet.</summary>
    public IWindowDenoiser Denoiser { get; }

    public int FrameCount => Noise.Shape[0];

    public INetwork this[string name] => networks.TryGetValue(name, out var network) ? network : networks[name] = workbench.LoadPortable(name);

    public bool Contains(string name) => NetworkPlan.Of(Workbench.Architecture, geometry.Width, geometry.Height).Any(plan => plan.Name == name);

    /// <summary>The latents after all steps, <c>[frames, 4, h, w]</c>.</summary>
    public float[] Denoise(IWindowDenoiser denoiser)
    {
        using var latents = new DenoisingLoop(denoiser, MemoryFrameStore.Factory).Run(job);
        return ((MemoryFrameStore)latents).Values.ToArray();
    }

    /// <summary>Decodes every chunk, <c>[frames, 3, height, width]</c>.</summary>
    public float[] Decode(float[] latents)
    {
        var (chunkLength, values) = (Workbench.Architecture.Defaults.DecodeChunkLength, 3 * geometry.Width * geometry.Height);
        var pixels = new float[FrameCount * values];
        for (var start = 0; start < FrameCount; start += chunkLength)
        {
            var count = Math.Min(chunkLength, FrameCount - start);
            var chunk = latents.AsMemory(start * geometry.LatentValues, count * geometry.LatentValues);
            decoder.Decode(chunk, count, pixels.AsSpan(start * values, count * values), CancellationToken.None);
        }

        return pixels;
    }

    public void Dispose()
    {
        foreach (var network in networks.Values)
            network.Dispose();
    }

    private static MemoryFrameStore Stored(FloatTensor tokens)
    {
        var store = new MemoryFrameStore(tokens.Shape[0], tokens.Shape[1] * tokens.Shape[2]);
        tokens.Values.CopyTo(store.Values);
        return store;
    }
}
