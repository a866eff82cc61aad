using System.Numerics.Tensors;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Schedulers;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>What denoising starts from (SPEC §9.3).</summary>
public static class InitialLatents
{
    /// <summary>The reference, scaled, with noise at the level of the first executed step, for every padded frame.</summary>
    /// <param name="job">Reference, noise and schedule.</param>
    /// <param name="latents">Receives every frame.</param>
    public static void Write(DenoisingJob job, IFrameStore latents)
    {
        var reference = new float[latents.ValuesPerFrame];
        TensorPrimitives.Multiply(job.Conditioning.ReferenceLatents.Values, job.LatentScalingFactor, reference);
        var frameLatents = new float[latents.ValuesPerFrame];
        for (var frame = 0; frame < latents.FrameCount; frame++)
        {
            job.Noise.Fill(frame, frameLatents);
            EulerStep.AddNoise(reference, frameLatents, job.Schedule.Sigmas[0], frameLatents);
            latents.Write(frame, frameLatents);
        }
    }
}
