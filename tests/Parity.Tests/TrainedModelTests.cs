using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Parity.Tests;

/// <summary>
/// The imported embedded model against what PyTorch computed with the same weights in fp32 on the same pictures and noise
/// (<c>python3 -m training.record_fixture</c>).
/// </summary>
public sealed class TrainedModelTests : IDisposable
{
    private const string Recording = "embedded-model.safetensors";
    private readonly PortraitModel model;
    private readonly ICheckpoint recorded;

    public TrainedModelTests()
    {
        var (directory, file) = (FindModel(), Path.Combine(Recordings.Fixtures, Recording));
        Assert.SkipUnless(directory is not null && File.Exists(file), $"needs models/embedded and Fixtures/{Recording}");
        model = PortraitModel.Open(directory!, new OnnxNetworkLoader(new DeviceOptions()));
        recorded = Checkpoint.Open(file);
    }

    [Fact]
    public void PortraitEncoder_RecordedPortrait_GivesPyTorchsTokensAndLatents()
    {
        var conditioning = EncodePortrait();
        AssertClose("image_tokens", conditioning.ImageTokens);
        AssertClose("reference_latents", conditioning.ReferenceLatents);
    }

    [Fact]
    public void MotionEncoder_RecordedDrivers_GivesPyTorchsTokens()
    {
        var expected = Read("crop_tokens");
        var tokens = FloatTensor.Zeros([.. expected.Shape.Dimensions]);
        var ids = new long[2];
        recorded.ReadIntegers("ids", ids);
        model.MotionEncoder.Encode(Read("expression_crops"), Read("pose_crops"), new MotionIntensity((int)ids[0], (int)ids[1]), tokens.Values, TestContext.Current.CancellationToken);
        AssertClose("crop_tokens", tokens);
    }

    [Theory]
    [InlineData(0, "next_latents_equal")]
    [InlineData(1, "next_latents_unequal")]
    public void WindowStep_RecordedNoise_GivesPyTorchsNextLatents(int pair, string expected)
    {
        var (levels, latents, guidance) = (Read("levels"), Read("latents"), Read("guidance"));
        var sigma = levels.Values[0];
        var step = new NoiseStep(sigma, levels.Values[1], 0.25f * MathF.Log(sigma));
        var scaled = FloatTensor.Zeros([.. latents.Shape.Dimensions]);
        EulerStep.ScaleInput(latents.Values, sigma, scaled.Values);
        var scales = new GuidanceScales(guidance.Values[2 * pair], guidance.Values[2 * pair + 1]);
        var input = new WindowInput(scaled.Data, Read("motion_tokens").Data, step.Timestep, scales);
        var velocity = FloatTensor.Zeros([.. latents.Shape.Dimensions]);
        model.WindowDenoiser.Predict(EncodePortrait(), input, velocity.Values, TestContext.Current.CancellationToken);
        var actual = FloatTensor.Zeros([.. latents.Shape.Dimensions]);
        EulerStep.Advance(step, velocity.Values, latents.Values, actual.Values);
        AssertClose(expected, actual);
    }

    [Fact]
    public void FrameDecoder_RecordedLatents_GivesPyTorchsPictures()
    {
        var (latents, expected) = (Read("decode_latents"), Read("decoded"));
        var pixels = FloatTensor.Zeros([.. expected.Shape.Dimensions]);
        model.FrameDecoder.Decode(latents.Data, latents.Shape[0], pixels.Values, TestContext.Current.CancellationToken);
        AssertClose("decoded", pixels);
    }

    public void Dispose()
    {
        recorded?.Dispose();
        model?.Dispose();
    }

    private PortraitConditioning EncodePortrait() =>
        model.PortraitEncoder.Encode(new PortraitCrops(Read("reference"), Read("encoder_image"), null), TestContext.Current.CancellationToken);

    private void AssertClose(string name, FloatTensor actual)
    {
        var comparison = Comparison.Of(name, actual, Read(name), Tolerance.HalfModule);
        Assert.True(comparison.Passed, $"{name}: {comparison.Difference}");
    }

    private FloatTensor Read(string name)
    {
        var tensor = FloatTensor.Zeros([.. recorded.Tensors[name].Shape.Dimensions]);
        recorded.ReadFloats(name, tensor.Values);
        return tensor;
    }

    private static string? FindModel()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "models", "embedded");
            if (File.Exists(Path.Combine(candidate, "model.json")))
                return candidate;
        }

        return null;
    }
}
