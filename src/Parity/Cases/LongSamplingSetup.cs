using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks.Motion;
using HunyuanPortrait.Conversion.Networks.Portrait;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Networks.Vae;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>A sampling run's settings, and the networks that it refers to by relative path.</summary>
internal sealed class LongSamplingSetup
{
    /// <summary>Checkpoint label → the configuration's name for the network.</summary>
    private static readonly Dictionary<string, string> WeightKeys = new()
    {
        [CheckpointLabels.ImageEncoder] = "image_encoder",
        [CheckpointLabels.ImageProjection] = "image_proj",
        [CheckpointLabels.PoseGuider] = "pose_guider",
        [CheckpointLabels.UNet] = "unet",
        [CheckpointLabels.Vae] = "vae",
        [CheckpointLabels.Expression] = "expression",
        [CheckpointLabels.HeadPose] = "headpose",
        [CheckpointLabels.MotionRefiner] = "motion_refiner",
    };

    private readonly CaseDirectory directory;
    private readonly JsonObject config;

    public LongSamplingSetup(CaseDirectory directory)
    {
        this.directory = directory;
        config = directory.Config!;
        Size = (config["width"]!.GetValue<int>(), config["height"]!.GetValue<int>());
        EncoderImage = ReadEncoderImage();
        Architecture = ReadArchitecture();
        Geometry = Architecture.Geometry(Size.Width, Size.Height);
        Schedule = NoiseSchedule.Create(Architecture.Scheduler, Defaults.InferenceSteps, Number("i2i_noise_strength"));
    }

    public (int Width, int Height) Size { get; }

    public FloatTensor EncoderImage { get; }

    public Architecture Architecture { get; }

    public ModelGeometry Geometry { get; }

    public NoiseSchedule Schedule { get; }

    public RenderDefaults Defaults => Architecture.Defaults;

    public int RawFrames => Whole("raw_frames");

    public ICheckpoint OpenCheckpoint(string label)
    {
        using var part = Part(WeightKeys[label]);
        return part.OpenWeights();
    }

    /// <summary>The recorded landmarks of every driving frame.</summary>
    public FaceLandmarks[] Landmarks()
    {
        var values = new double[RawFrames * FaceLandmarks.Count * 2];
        directory.Recorded.ReadDoubles("landmarks", values);
        return [.. values.Chunk(FaceLandmarks.Count * 2).Select(frame =>
            FaceLandmarks.FromPoints([.. frame.Chunk(2).Select(point => new PicturePoint(point[0], point[1]))]))];
    }

    /// <summary>Recorded crops of a group of frames, divided by 255.</summary>
    public static FloatTensor Unit(FloatTensor crops, FrameRange group)
    {
        var length = crops.Values.Length / crops.Shape[0];
        var unit = FloatTensor.Zeros(group.Length, crops.Shape[1], crops.Shape[2], crops.Shape[3]);
        var source = crops.Values.Slice(group.Start * length, group.Length * length);
        for (var i = 0; i < source.Length; i++)
            unit.Values[i] = source[i] / 255f;
        return unit;
    }

    /// <summary>A padded frame's final pixels into the clip's, where the frame is kept.</summary>
    public void ToBytes(ReadOnlySpan<float> decoded, int paddedFrame, Span<float> clip)
    {
        var frame = paddedFrame - Defaults.PaddingFrames;
        if (frame < 0 || frame >= RawFrames)
            return;
        var picture = RgbImage.Black(Size.Width, Size.Height);
        PixelConversion.ToRgb(decoded, picture);
        var target = clip.Slice(frame * decoded.Length, decoded.Length);
        for (var i = 0; i < target.Length; i++)
            target[i] = picture.Pixels.Span[i];
    }

    private Architecture ReadArchitecture()
    {
        using var unet = Part("unet");
        return new Architecture
        {
            ImageSize = Size.Width,
            EncoderImageSize = EncoderImage.Shape[2],
            MotionCropSize = directory.Recorded.Tensors["motion_face_images_uint8"].Shape[2],
            Scheduler = Architecture.ParsePart<SchedulerSettings>(config["scheduler_config"]!),
            Defaults = ReadDefaults(),
            ImageEncoder = PartConfig<ImageEncoderConfiguration>("image_encoder"),
            ImageProjection = PartConfig<ImageProjectionConfiguration>("image_proj"),
            Expression = PartConfig<ResNetConfiguration>("expression"),
            HeadPose = PartConfig<ResNetConfiguration>("headpose"),
            MotionRefiner = PartConfig<MotionRefinerConfiguration>("motion_refiner"),
            PoseGuider = PartConfig<PoseGuiderConfiguration>("pose_guider"),
            UNet = Architecture.ParsePart<UNetConfiguration>(unet.Config!["unet"]!),
            Vae = PartConfig<VaeConfiguration>("vae"),
        };
    }

    private RenderDefaults ReadDefaults() => new(
        Whole("num_inference_steps"),
        (float)Number("i2i_noise_strength"),
        new WindowSettings(Whole("frames_per_batch"), Whole("overlap"), Whole("shift_offset")),
        new GuidanceSettings(
            (float)Number("min_appearance_guidance_scale"), (float)Number("max_appearance_guidance_scale"),
            (float)Number("min_motion_guidance_scale"), (float)Number("max_motion_guidance_scale")),
        Whole("pad_frames"),
        Whole("n_sample_frames_for_motion"),
        Whole("decode_chunk_size"),
        new MicroConditioning((float)Number("fps"), (float)Number("motion_bucket_id"), (float)Number("noise_aug_strength")),
        Seed: 0);

    /// <summary><c>"file : tensor"</c>, where several cases share one picture.</summary>
    private FloatTensor ReadEncoderImage()
    {
        if (config["transformed_image"]?.GetValue<string>() is not { } reference)
            return directory.Read("transformed_image");
        var parts = reference.Split(" : ");
        using var checkpoint = Checkpoint.Open(directory.File(parts[0]));
        return CaseDirectory.ReadFrom(checkpoint, parts[1]);
    }

    private T PartConfig<T>(string key)
    {
        using var part = Part(key);
        return part.ConfigAs<T>();
    }

    private CaseDirectory Part(string key) => new(directory.File(config["weights"]![key]!.GetValue<string>()));

    private int Whole(string key) => config[key]!.GetValue<int>();

    private double Number(string key) => config[key]!.GetValue<double>();
}
