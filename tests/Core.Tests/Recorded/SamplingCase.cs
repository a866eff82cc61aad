using System.Text.Json;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Recorded;

/// <summary>One recorded sampling run: settings and chosen tensors.</summary>
internal sealed class SamplingCase
{
    private static readonly SchedulerSettings Official = new(0.002, 700);

    private readonly JsonElement config;

    private SamplingCase(string name)
    {
        config = Fixture.Json("sampling-" + name);
        Tensors = RecordedTensors.Load("sampling-" + name);
    }

    public RecordedTensors Tensors { get; }

    public int RawFrames => Int("raw_frames");

    public int Padding => Int("pad_frames");

    public int Frames => Int("num_frames");

    public int StepsRun => Int("steps_run");

    public int MotionGroupLength => Int("n_sample_frames_for_motion");

    public WindowSettings Windows => new(Int("frames_per_batch"), Int("overlap"), Int("shift_offset"));

    public NoiseSchedule Schedule => NoiseSchedule.Create(Official, Int("num_inference_steps"), config.GetProperty("i2i_noise_strength").GetDouble());

    public NoiseSchedule WholeSchedule => NoiseSchedule.Create(Official, Int("num_inference_steps"));

    public GuidanceSettings Guidance => new(
        Scale("min_appearance_guidance_scale"), Scale("max_appearance_guidance_scale"),
        Scale("min_motion_guidance_scale"), Scale("max_motion_guidance_scale"));

    public JsonElement WindowsPerStep => config.GetProperty("windows_per_step");

    public FaceLandmarks[] Landmarks => [.. Tensors.Doubles("landmarks").Chunk(10).Select(numbers =>
        FaceLandmarks.FromPoints([.. numbers.Chunk(2).Select(point => new PicturePoint(point[0], point[1]))]))];

    public static SamplingCase Load(string name) => new(name);

    private int Int(string name) => config.GetProperty(name).GetInt32();

    private float Scale(string name) => config.GetProperty(name).GetSingle();
}
