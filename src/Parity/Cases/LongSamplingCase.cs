using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Inference.Components;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>The complete pipeline after the crops: motion tokens, padding, every step's latents, decoded frames (SPEC §5, §8–§10).</summary>
internal sealed class LongSamplingCase : ICaseRunner
{
    public string Kind => "long-sampling";

    public bool Accepts(CaseDirectory directory) => directory.Has("frames_per_batch") && directory.Has("weights");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var setup = new LongSamplingSetup(directory);
        using var networks = new CaseNetworkSet(setup.Architecture, setup.Size, setup.OpenCheckpoint, options.Loader);
        using var tokens = new MemoryFrameStore(setup.RawFrames, setup.Geometry.MotionTokens * setup.Geometry.TokenWidth);
        foreach (var comparison in Schedule(directory, setup).Append(Windows(directory, setup)).Concat(Motion(directory, setup, networks, tokens)))
            yield return comparison;

        var conditioning = new PortraitEncoder(networks, setup.Geometry).Encode(
            directory.Read("ref_image"), setup.EncoderImage, directory.Read("arcface_embedding"), CancellationToken.None);
        var watch = new LongSamplingObserver(directory, setup.Geometry, conditioning, PoseFeatures(networks, setup.Geometry));
        foreach (var comparison in watch.Constants())
            yield return comparison;

        var loop = new DenoisingLoop(new WindowDenoiser(networks, setup.Geometry, setup.Defaults.MicroConditioning), MemoryFrameStore.Factory) { Observer = watch };
        using var latents = loop.Run(Job(directory, setup, conditioning, tokens));
        foreach (var comparison in watch.Comparisons.Append(LongSamplingObserver.Compare(directory, "final_latents", latents)).Concat(Decode(directory, setup, networks, latents)))
            yield return comparison;
    }

    private static DenoisingJob Job(CaseDirectory directory, LongSamplingSetup setup, PortraitConditioning conditioning, IFrameStore tokens) => new(
        conditioning,
        setup.Geometry.LatentScalingFactor,
        tokens,
        setup.Defaults.PaddingFrames,
        new RecordedNoise(directory.Read("initial_noise").Data),
        setup.Schedule,
        GuidanceSchedule.Create(setup.Defaults.Guidance, setup.Schedule.StepCount),
        setup.Defaults.Windows);

    /// <summary>The recording has all levels, also those that a partial strength skips.</summary>
    private static IEnumerable<Comparison> Schedule(CaseDirectory directory, LongSamplingSetup setup)
    {
        var whole = NoiseSchedule.Create(setup.Architecture.Scheduler, setup.Defaults.InferenceSteps);
        yield return Comparison.Of("timesteps", whole.Timesteps.AsSpan(), directory.Read("timesteps").Values, Tolerance.Absolute(2e-7));
        yield return Comparison.Of("sigmas", whole.Sigmas.AsSpan(), directory.Read("sigmas").Values, Tolerance.Relative(1e-6));
    }

    /// <summary>Start and frames of every window of every step.</summary>
    private static Comparison Windows(CaseDirectory directory, LongSamplingSetup setup)
    {
        var frames = new PaddingPlan(setup.RawFrames, setup.Defaults.PaddingFrames).PaddedCount;
        var recorded = directory.Config!["windows_per_step"]!.AsArray().SelectMany(step => step!.AsArray())
            .SelectMany(window => window!["idx"]!.AsArray().Select(index => index!.GetValue<double>()).Prepend(window["start"]!.GetValue<double>()));
        var planned = Enumerable.Range(0, setup.Schedule.StepCount).SelectMany(step => WindowPlanner.Plan(frames, setup.Defaults.Windows, step))
            .SelectMany(window => Enumerable.Range(0, window.Length).Select(index => (double)window.FrameAt(index, frames)).Prepend(window.Start));
        return Comparison.Of("windows_per_step", [.. planned], [.. recorded], 0);
    }

    private static IEnumerable<Comparison> Motion(CaseDirectory directory, LongSamplingSetup setup, INetworkSet networks, MemoryFrameStore tokens)
    {
        var encoder = new MotionEncoder(networks, setup.Geometry, setup.Defaults.MotionGroupLength);
        var (faces, heads) = (directory.Read("motion_face_images_uint8"), directory.Read("motion_pose_images_uint8"));
        var landmarks = setup.Landmarks();
        var ids = new List<float>();
        foreach (var group in FrameRange.Cut(setup.RawFrames, encoder.GroupLength))
        {
            var intensity = MotionIntensityMeter.Measure(landmarks[group.Start..group.End]);
            ids.AddRange([intensity.Head, intensity.Expression]);
            var encoded = new float[group.Length * tokens.ValuesPerFrame];
            encoder.Encode(LongSamplingSetup.Unit(faces, group), LongSamplingSetup.Unit(heads, group), intensity, encoded, CancellationToken.None);
            for (var frame = 0; frame < group.Length; frame++)
                tokens.Write(group.Start + frame, encoded.AsSpan(frame * tokens.ValuesPerFrame, tokens.ValuesPerFrame));
        }

        yield return Comparison.Of("motion_bucket_ids_head_exp", new FloatTensor(new TensorShape(ids.Count / 2, 2), ids.ToArray()), directory.Read("motion_bucket_ids_head_exp"), Tolerance.Exact);
        yield return LongSamplingObserver.Compare(directory, "motion_tokens_raw", tokens);
        var padding = new PaddingPlan(setup.RawFrames, setup.Defaults.PaddingFrames);
        using var padded = new MemoryFrameStore(padding.PaddedCount, tokens.ValuesPerFrame);
        var row = new float[tokens.ValuesPerFrame];
        for (var frame = 0; frame < padding.PaddedCount; frame++)
        {
            padding.ReadTokens(tokens, frame, row);
            padded.Write(frame, row);
        }

        yield return LongSamplingObserver.Compare(directory, "motion_tokens_padded", padded);
    }

    private static FloatTensor PoseFeatures(CaseNetworkSet networks, ModelGeometry geometry)
    {
        var features = FloatTensor.Zeros(1, geometry.FirstLayerChannels, geometry.LatentHeight, geometry.LatentWidth);
        networks[NetworkNames.PoseGuider].Run(
            new Dictionary<string, FloatTensor> { ["image"] = FloatTensor.Zeros(1, 3, geometry.Height, geometry.Width) },
            new Dictionary<string, FloatTensor> { ["output"] = features });
        return features;
    }

    private static IEnumerable<Comparison> Decode(CaseDirectory directory, LongSamplingSetup setup, INetworkSet networks, IFrameStore latents)
    {
        var decoder = new FrameDecoder(networks, setup.Geometry);
        var decoded = directory.Read("decoded_frames");
        var actual = FloatTensor.Zeros([.. decoded.Shape.Dimensions]);
        var pixels = 3 * setup.Geometry.Width * setup.Geometry.Height;
        var bytes = new float[setup.RawFrames * pixels];
        foreach (var chunk in FrameRange.Cut(latents.FrameCount, setup.Defaults.DecodeChunkLength))
        {
            var input = new float[chunk.Length * latents.ValuesPerFrame];
            for (var frame = 0; frame < chunk.Length; frame++)
                latents.Read(chunk.Start + frame, input.AsSpan(frame * latents.ValuesPerFrame, latents.ValuesPerFrame));
            var frames = FloatTensor.Zeros(chunk.Length, 3, setup.Geometry.Height, setup.Geometry.Width);
            decoder.Decode(input, chunk.Length, frames.Values, CancellationToken.None);
            VaeCase.Transposed(frames, actual, chunk.Start);
            for (var frame = 0; frame < chunk.Length; frame++)
                setup.ToBytes(frames.Values.Slice(frame * pixels, pixels), chunk.Start + frame, bytes);
        }

        yield return Comparison.Of("decoded_frames", actual, decoded, Tolerance.Sampling);
        var recorded = directory.Read("output_frames_uint8_thwc");
        yield return Comparison.Of("output_frames_uint8_thwc", new FloatTensor(recorded.Shape, bytes), recorded, Tolerance.Absolute(1));
    }
}
