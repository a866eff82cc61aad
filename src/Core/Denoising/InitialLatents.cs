using System.Numerics.Tensors;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>
/// What denoising starts from (SPEC §9.3): the reference, scaled, with noise at the level of the first executed step. A pure function of the frame,
/// so it can be read like a store that nobody filled.
/// </summary>
public sealed class InitialLatents : IFrameStore
{
    private readonly DenoisingJob job;
    private readonly float[] reference;

    /// <summary>Scales the reference.</summary>
    /// <param name="job">Reference, noise and schedule.</param>
    public InitialLatents(DenoisingJob job)
    {
        this.job = job;
        reference = new float[job.Conditioning.ReferenceLatents.Values.Length];
        TensorPrimitives.Multiply(job.Conditioning.ReferenceLatents.Values, job.LatentScalingFactor, reference);
    }

    /// <inheritdoc/>
    public int FrameCount => job.Padding.PaddedCount;

    /// <inheritdoc/>
    public int ValuesPerFrame => reference.Length;

    /// <inheritdoc/>
    public void Read(int frame, Span<float> destination)
    {
        Elementwise.RequireLength(reference.Length, destination.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)FrameCount, nameof(frame));
        job.Noise.Fill(frame, destination);
        EulerStep.AddNoise(reference, destination, job.Schedule.Sigmas[0], destination);
    }

    /// <exception cref="NotSupportedException">Always: nothing is stored.</exception>
    void IFrameStore.Write(int frame, ReadOnlySpan<float> values) => throw new NotSupportedException("Initial latents are computed, not stored.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Writes every padded frame into a store.</summary>
    /// <param name="job">Reference, noise and schedule.</param>
    /// <param name="latents">Receives every frame.</param>
    public static void Write(DenoisingJob job, IFrameStore latents)
    {
        using var initial = new InitialLatents(job);
        var frameLatents = new float[latents.ValuesPerFrame];
        for (var frame = 0; frame < latents.FrameCount; frame++)
        {
            initial.Read(frame, frameLatents);
            latents.Write(frame, frameLatents);
        }
    }
}
