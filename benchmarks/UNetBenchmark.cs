using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Benchmarks;

/// <summary>One UNet forward of one window at the small sizes.</summary>
internal static class UNetBenchmark
{
    private const float Timestep = 0.75f;
    private const double Tolerance = 2e-5;

    public static Report Run(string python, int pairs)
    {
        using var workbench = new Workbench();
        var portrait = PortraitInputs.Random();
        var motion = PortraitInputs.RandomMotion(Workbench.WindowLength);
        var sample = Workbench.Random("sample", 1.7, Workbench.WindowLength, Workbench.Architecture.Vae.LatentChannels, Workbench.LatentSize, Workbench.LatentSize);
        using var two = new ProductForward(workbench, NetworkNames.UNetTwoBranch, portrait, motion, sample);
        using var three = new ProductForward(workbench, NetworkNames.UNetThreeBranch, portrait, motion, sample);
        using var naive = new NaiveWindowDenoiser(workbench, portrait);
        naive.Write(new WindowInput(sample.Data, motion.Data, Timestep, new GuidanceScales(2, 2)));
        using var pyTorch = StartPyTorch(workbench, python, portrait.Named(motion), sample);
        return new Report(
            Describe(), Report.DescribeMachine(), pyTorch.Description,
            [.. Agreements(workbench, pyTorch, two, three, naive), .. LatentAgreements(workbench, portrait)],
            Comparisons(pyTorch, two, three, naive, pairs));
    }

    private static IEnumerable<Agreement> Agreements(Workbench workbench, PyTorchProcess pyTorch, ProductForward two, ProductForward three, NaiveWindowDenoiser naive)
    {
        two.Run();
        three.Run();
        naive.Run();
        yield return Agreement.Of("portable, 2 branches", "PyTorch pair", two.Velocity.Values, workbench.Result(pyTorch, "pair", "output")).Require(Tolerance);
        foreach (var variant in (string[])["deduplicated", "reference"])
            yield return Agreement.Of("portable, 3 branches", $"PyTorch {variant}", three.Velocity.Values, workbench.Result(pyTorch, variant, "output")).Require(Tolerance);
        yield return Agreement.Of("portable, 3 branches", "naive, 3 branches", three.Velocity.Values, naive.Predictions.Values).Require(Tolerance);
    }

    /// <summary>The latents of a clip after all steps, both dialects through the same loop.</summary>
    private static IEnumerable<Agreement> LatentAgreements(Workbench workbench, PortraitInputs portrait)
    {
        using var clip = new Clip(workbench, portrait, frames: Workbench.WindowLength + 5);
        using var naive = new NaiveWindowDenoiser(workbench, portrait);
        yield return Agreement.Of("latents after all steps, portable", "latents after all steps, naive", clip.Denoise(clip.Denoiser), clip.Denoise(naive));
    }

    private static IReadOnlyList<Comparison> Comparisons(PyTorchProcess pyTorch, ProductForward two, ProductForward three, NaiveWindowDenoiser naive, int pairs)
    {
        var (pair, triple) = (Contender.Of("portable, 2 branches", two.Run), Contender.Of("portable, 3 branches", three.Run));
        var literal = Contender.Of("naive, 3 branches", naive.Run);
        return
        [
            SideBySide.Measure(pair, pyTorch.Variant("pair"), pairs),
            SideBySide.Measure(triple, pyTorch.Variant("deduplicated"), pairs),
            SideBySide.Measure(pair, pyTorch.Variant("reference"), pairs),
            SideBySide.Measure(triple, literal, pairs),
            SideBySide.Measure(pair, literal, pairs),
        ];
    }

    private static PyTorchProcess StartPyTorch(Workbench workbench, string python, Dictionary<string, FloatTensor> inputs, FloatTensor sample)
    {
        inputs["sample"] = sample;
        inputs["timestep"] = FloatTensor.Of(Timestep);
        inputs["added_time_ids"] = AddedIds();
        return workbench.StartPyTorch(python, new JsonObject { ["kind"] = "unet" }, inputs, CheckpointLabels.UNet);
    }

    private static FloatTensor AddedIds()
    {
        var micro = Workbench.Architecture.Defaults.MicroConditioning;
        return FloatTensor.Of(micro.Fps, micro.MotionBucket, micro.NoiseAugmentation).Reshape(1, 3);
    }

    private static string Describe() =>
        $"One UNet forward, {Workbench.WindowLength} frames of {Workbench.LatentSize}×{Workbench.LatentSize} latents, channels {string.Join('/', Workbench.Architecture.UNet.BlockOutChannels)}, fp32";

    /// <summary>A UNet of the product with its inputs, ready to run.</summary>
    private sealed class ProductForward : IDisposable
    {
        private readonly INetwork network;
        private readonly Dictionary<string, FloatTensor> inputs;

        public ProductForward(Workbench workbench, string name, PortraitInputs portrait, FloatTensor motion, FloatTensor sample)
        {
            network = workbench.LoadPortable(name);
            var shape = network.Inputs["first_layer"];
            var firstLayer = portrait.Encode(workbench).FirstLayer;
            inputs = new Dictionary<string, FloatTensor>
            {
                ["sample"] = sample,
                ["timestep"] = FloatTensor.Of(Timestep),
                ["added_time_ids"] = AddedIds(),
                ["image_tokens"] = portrait.ImageTokens,
                ["motion_tokens"] = motion,
                ["first_layer"] = new FloatTensor(new TensorShape(shape), firstLayer.Data[..(int)new TensorShape(shape).ElementCount]),
            };
            Velocity = FloatTensor.Zeros(network.Outputs["velocity"]);
        }

        public FloatTensor Velocity { get; }

        public void Run() => network.Run(inputs, new Dictionary<string, FloatTensor> { ["velocity"] = Velocity });

        public void Dispose() => network.Dispose();
    }
}
