using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Tests.Components;

/// <summary>
/// What the exactness of the cluster rests on: whole graphs give the same bits in every session of one device class. The number of threads belongs to the class, because
/// a motion group of one frame differs with it. How many frames and branches go into one call is fixed by the job's settings, so every shape that occurs is asked.
/// </summary>
public sealed class EmbeddedModelBitsTests
{
    [Theory, InlineData(1, 2), InlineData(1, 3), InlineData(2, 2), InlineData(2, 3), InlineData(4, 2), InlineData(4, 3)]
    public void WindowDenoiser_TwoSessionsOfOneClass_GiveTheSameBits(int threads, int motionGuidance) => RequireSameBits(threads, model =>
    {
        var geometry = model.Manifest.Geometry;
        var conditioning = new PortraitConditioning(
            Values(1, 1, geometry.ImageTokens, geometry.TokenWidth),
            Values(2, 1, geometry.LatentChannels, geometry.LatentHeight, geometry.LatentWidth),
            Values(3, 3, geometry.FirstLayerChannels, geometry.LatentHeight, geometry.LatentWidth));
        var latents = Values(4, geometry.WindowLength, geometry.LatentValues);
        var tokens = Values(5, geometry.WindowLength, geometry.MotionTokens, geometry.TokenWidth);
        var velocity = FloatTensor.Zeros(geometry.WindowLength, geometry.LatentValues);
        model.WindowDenoiser.Predict(
            conditioning, new WindowInput(latents.Data, tokens.Data, 1.5f, new GuidanceScales(2, motionGuidance)), velocity.Values, Token);
        return [velocity];
    });

    [Theory, InlineData(1, 8), InlineData(1, 1), InlineData(2, 8), InlineData(2, 1), InlineData(4, 8), InlineData(4, 1)]
    public void FrameDecoder_TwoSessionsOfOneClass_GiveTheSameBits(int threads, int frames) => RequireSameBits(threads, model =>
    {
        var geometry = model.Manifest.Geometry;
        var pixels = FloatTensor.Zeros(frames, 3, geometry.Height, geometry.Width);
        model.FrameDecoder.Decode(Values(6, frames, geometry.LatentValues).Data, frames, pixels.Values, Token);
        return [pixels];
    });

    [Theory, InlineData(1, 25), InlineData(1, 8), InlineData(1, 1), InlineData(2, 25), InlineData(2, 8), InlineData(2, 1), InlineData(4, 25), InlineData(4, 8), InlineData(4, 1)]
    public void MotionEncoder_TwoSessionsOfOneClass_GiveTheSameBits(int threads, int frames) => RequireSameBits(threads, model =>
    {
        var geometry = model.Manifest.Geometry;
        var tokens = FloatTensor.Zeros(frames, geometry.MotionTokens, geometry.TokenWidth);
        model.MotionEncoder.Encode(
            Values(7, frames, 3, geometry.MotionCropSize, geometry.MotionCropSize), Values(8, frames, 3, geometry.MotionCropSize, geometry.MotionCropSize),
            new MotionIntensity(30, 60), tokens.Values, Token);
        return [tokens];
    });

    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public void PortraitEncoder_TwoSessionsOfOneClass_GiveTheSameBits(int threads) => RequireSameBits(threads, model =>
    {
        var geometry = model.Manifest.Geometry;
        var conditioning = model.PortraitEncoder.Encode(
            new PortraitCrops(Values(9, 1, 3, geometry.Height, geometry.Width), Values(10, 1, 3, geometry.EncoderImageSize, geometry.EncoderImageSize), null), Token);
        return [conditioning.ImageTokens, conditioning.ReferenceLatents, conditioning.FirstLayer];
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(1, "-t1-"), InlineData(3, "-t3-")]
    public void DeviceClass_Always_NamesTheNumberOfThreads(int threads, string part)
    {
        using var models = new DeviceModels([], new DeviceOptions { IntraOpThreads = threads });
        Assert.Contains(part, models.DeviceClass, StringComparison.Ordinal);
    }

    /// <summary>Two sessions that compute at the same time, and one of them again.</summary>
    private static void RequireSameBits(int threads, Func<PortraitModel, FloatTensor[]> run)
    {
        var options = new DeviceOptions { IntraOpThreads = threads };
        using var first = PortraitModel.Open(FindModel(), new OnnxNetworkLoader(options));
        using var second = PortraitModel.Open(FindModel(), new OnnxNetworkLoader(options));
        var hashes = new string[3];
        Parallel.Invoke(() => hashes[0] = Hash(run(first)), () => hashes[1] = Hash(run(second)));
        hashes[2] = Hash(run(first));
        Assert.True(hashes.Distinct().Count() == 1, $"{threads} threads: {string.Join(", ", hashes)}");
    }

    private static string Hash(FloatTensor[] results)
    {
        Assert.All(results, result => Assert.True(result.Values.ToArray().All(float.IsFinite)));
        Assert.All(results, result => Assert.True(result.Values.ToArray().Distinct().Count() > 2));
        return string.Join(' ', results.Select(result => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(result.Values)))));
    }

    /// <summary>Values in [−1, 1) that follow from their place.</summary>
    private static FloatTensor Values(int seed, params int[] shape)
    {
        var tensor = FloatTensor.Zeros(shape);
        var values = tensor.Values;
        for (var i = 0; i < values.Length; i++)
            values[i] = ((uint)(i + seed * 7919) * 2654435761u >> 8) / 8388608f - 1f;
        return tensor;
    }

    private static string FindModel()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "models", "embedded");
            if (File.Exists(Path.Combine(candidate, "model.json")))
                return candidate;
        }

        throw new DirectoryNotFoundException("no folder above the tests has models/embedded");
    }
}
