using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>Compares the loop's latents with the recording while it runs.</summary>
internal sealed class LongSamplingObserver(CaseDirectory directory, ModelGeometry geometry, PortraitConditioning conditioning, FloatTensor poseFeatures)
    : IDenoisingObserver
{
    private const int Branches = 3;

    private readonly List<Comparison> comparisons = [];
    private readonly int lastWindow = directory.Config!["windows_per_step"]![0]!.AsArray().Count - 1;

    /// <summary>Everything compared so far.</summary>
    public IReadOnlyList<Comparison> Comparisons => comparisons;

    /// <summary>A store against the recording <c>[1, frames, …]</c>.</summary>
    public static Comparison Compare(CaseDirectory directory, string name, IFrameStore store)
    {
        var recorded = directory.Read(name);
        var values = new float[store.FrameCount * store.ValuesPerFrame];
        for (var frame = 0; frame < store.FrameCount; frame++)
            store.Read(frame, values.AsSpan(frame * store.ValuesPerFrame, store.ValuesPerFrame));
        return Comparison.Of(name, recorded.Shape.ToString(), values, recorded.Values, Tolerance.Sampling);
    }

    /// <summary>What does not change from step to step.</summary>
    public IEnumerable<Comparison> Constants()
    {
        yield return Of("image_latents_3branch", PerBranch(1, branch => branch == 0 ? [] : conditioning.ReferenceLatents.Values.ToArray()));
        if (directory.Recorded.Tensors.ContainsKey("step0_first_window/batch_image_embeddings"))
            yield return Of("step0_first_window/batch_image_embeddings", PerBranch(geometry.WindowLength, branch => branch == 0 ? [] : conditioning.ImageTokens.Values.ToArray()));
        if (directory.Recorded.Tensors.ContainsKey("step0_first_window/pose_cond_fea"))
            yield return Of("step0_first_window/pose_cond_fea", PerBranch(geometry.WindowLength, _ => poseFeatures.Values.ToArray()));
    }

    public void Started(IFrameStore latents) => comparisons.Add(Compare(directory, "initial_latents", latents));

    public void StepCompleted(int stepIndex, IFrameStore latents) => comparisons.Add(Compare(directory, $"latents_after_step_{stepIndex}", latents));

    public void WindowCompleted(int stepIndex, int windowIndex, WindowBuffers buffers)
    {
        if (stepIndex != 0)
            return;
        if (windowIndex == 0)
            CompareWindow("step0_first_window", buffers);
        if (windowIndex == lastWindow)
            CompareWindow("step0_last_window", buffers);
    }

    private void CompareWindow(string prefix, WindowBuffers buffers)
    {
        if (!directory.Recorded.Tensors.ContainsKey($"{prefix}/latents"))
            return;
        comparisons.Add(Of($"{prefix}/latent_model_input", ModelInput(buffers)));
        comparisons.Add(Of($"{prefix}/noise_pred", buffers.Velocity.ToArray()));
        comparisons.Add(Of($"{prefix}/latents", buffers.Latents.ToArray()));
        var tokens = buffers.MotionTokens.ToArray();
        comparisons.Add(Of($"{prefix}/batch_prompts", [.. new float[2 * tokens.Length], .. tokens]));
    }

    /// <summary><c>[3, F, 8, h, w]</c>: the scaled latents, then the image latents, which are zero in the first branch.</summary>
    private float[] ModelInput(WindowBuffers buffers)
    {
        var image = conditioning.ReferenceLatents.Values.ToArray();
        var result = new List<float>();
        for (var branch = 0; branch < Branches; branch++)
        {
            for (var frame = 0; frame < buffers.WindowLength; frame++)
            {
                result.AddRange(buffers.Scaled.Span.Slice(frame * buffers.LatentValues, buffers.LatentValues));
                result.AddRange(branch == 0 ? new float[image.Length] : image);
            }
        }

        return [.. result];
    }

    /// <summary>The same values for every frame of a branch; an empty array stands for zeros.</summary>
    private static float[] PerBranch(int frames, Func<int, float[]> values)
    {
        var length = values(Branches - 1).Length;
        return [.. Enumerable.Range(0, Branches).SelectMany(branch => Enumerable.Range(0, frames).SelectMany(_ => values(branch) is { Length: > 0 } some ? some : new float[length]))];
    }

    private Comparison Of(string name, float[] actual)
    {
        var recorded = directory.Read(name);
        return Comparison.Of(name, recorded.Shape.ToString(), actual, recorded.Values, Tolerance.Sampling);
    }
}
