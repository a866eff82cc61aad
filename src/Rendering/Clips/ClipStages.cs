using System.Numerics.Tensors;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Resampling;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Clips;

/// <summary>
/// The stages of a render on pictures in memory, one by one: what <see cref="Renderer"/> does with files, for measurements on short clips of known
/// faces. Not safe for concurrent use.
/// </summary>
/// <param name="model">The model; not disposed here.</param>
public sealed class ClipStages(PortraitModel model)
{
    private ModelGeometry Geometry => model.Manifest.Geometry;

    /// <summary>Cuts and encodes a portrait.</summary>
    /// <param name="portrait">The whole picture.</param>
    /// <param name="cancellationToken">Stops between networks.</param>
    public EncodedPortrait EncodePortrait(KnownPicture portrait, CancellationToken cancellationToken = default)
    {
        var cut = new PortraitCropper(new KnownFaces([portrait]), Geometry).Cut(portrait.Picture);
        return new EncodedPortrait(cut, model.PortraitEncoder.Encode(cut.Crops, cancellationToken));
    }

    /// <summary>Reads the motion of a driving clip; its first frame anchors the crops.</summary>
    /// <param name="driving">Frames of one size, at least one. Each is a picture object of its own.</param>
    /// <param name="cancellationToken">Stops between networks.</param>
    /// <returns>Motion tokens of every frame; the caller disposes them.</returns>
    public IFrameStore EncodeMotion(IReadOnlyList<KnownPicture> driving, CancellationToken cancellationToken = default)
    {
        var (encoder, first) = (model.MotionEncoder, driving[0].Picture);
        var tracker = new FaceTracker(new KnownFaces(driving), FaceSelection.Detected, MissingFacePolicy.Fail);
        tracker.Seek(first);
        var cropper = new MotionCropper(Geometry.MotionCropSize, tracker.FirstFace!, first.Width, first.Height);
        var tokens = new AppendedFrames(MemoryFrameStore.Factory, "motion-tokens", encoder.TokenCount * encoder.TokenWidth, driving.Count);
        var stage = new MotionStage(encoder, tracker, cropper, tokens);
        foreach (var frame in driving)
            stage.Add(frame.Picture, cancellationToken);
        stage.Finish(cancellationToken);
        return tokens;
    }

    /// <summary>Denoises and decodes a clip.</summary>
    /// <param name="portrait">The portrait's conditioning.</param>
    /// <param name="motion">Motion tokens of every frame.</param>
    /// <param name="settings">All settings; a render that names none uses the model's defaults.</param>
    /// <param name="cancellationToken">Interrupts a running network.</param>
    /// <returns>One picture of the model's size for every frame.</returns>
    public IReadOnlyList<RgbImage> Render(
        PortraitConditioning portrait, IFrameStore motion, RenderDefaults settings, CancellationToken cancellationToken = default)
    {
        var job = DenoisingJob.Create(model.Manifest, settings, portrait, motion);
        using var latents = new DenoisingLoop(model.WindowDenoiser, MemoryFrameStore.Factory).Run(job, cancellationToken);
        return Decode(latents, job.Padding, settings.DecodeChunkLength, cancellationToken);
    }

    /// <summary>Pictures through the VAE and back: the best that any motion and any denoiser could reach.</summary>
    /// <param name="pictures">Consecutive frames of the model's size.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    public IReadOnlyList<RgbImage> Reconstruct(IReadOnlyList<RgbImage> pictures, CancellationToken cancellationToken = default)
    {
        using var latents = new MemoryFrameStore(pictures.Count, Geometry.LatentValues);
        var mode = FloatTensor.Zeros(1, Geometry.LatentChannels, Geometry.LatentHeight, Geometry.LatentWidth);
        for (var frame = 0; frame < pictures.Count; frame++)
        {
            var unit = PicturePlanes.ToUnit(pictures[frame]);
            foreach (ref var value in unit.Values)
                value = (value - 0.5f) / 0.5f;
            model[NetworkNames.VaeEncoder].Run(
                new Dictionary<string, FloatTensor> { ["image"] = unit.Reshape(1, RgbImage.Channels, Geometry.Height, Geometry.Width) },
                new Dictionary<string, FloatTensor> { ["latent_mode"] = mode }, cancellationToken);
            TensorPrimitives.Multiply(mode.Values, Geometry.LatentScalingFactor, mode.Values);
            latents.Write(frame, mode.Values);
        }

        return Decode(latents, new PaddingPlan(pictures.Count, 0), model.Manifest.Defaults.DecodeChunkLength, cancellationToken);
    }

    private List<RgbImage> Decode(IFrameStore latents, PaddingPlan padding, int chunkLength, CancellationToken cancellationToken)
    {
        var decoder = new ChunkDecoder(model.FrameDecoder, latents, Geometry, chunkLength);
        return [.. DecodePlan.Chunks(padding, chunkLength).SelectMany(chunk => decoder.Decode(chunk, cancellationToken))
            .Select(picture => new RgbImage(picture.Width, picture.Height, picture.Pixels.ToArray()))];
    }
}

/// <summary>A portrait, cut and encoded.</summary>
/// <param name="Cut">What was cut out of it.</param>
/// <param name="Conditioning">What the networks made of that.</param>
public sealed record EncodedPortrait(PortraitCut Cut, PortraitConditioning Conditioning);
