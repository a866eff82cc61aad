using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Benchmarks;

/// <summary>The UNet as the reference runs it: the naive dialect, always three branches, every branch and frame with inputs of its own.</summary>
internal sealed class NaiveWindowDenoiser : IWindowDenoiser, IDisposable
{
    private const int Branches = 3;

    private readonly INetwork network;
    private readonly Dictionary<string, FloatTensor> inputs;
    private readonly Dictionary<string, FloatTensor> outputs;

    public NaiveWindowDenoiser(Workbench workbench, PortraitInputs portrait)
    {
        var architecture = Workbench.Architecture;
        var form = new UNetForm(
            [GuidanceBranch.Uncond, GuidanceBranch.Drop, GuidanceBranch.Cond], WindowLength, Workbench.LatentSize, Workbench.LatentSize,
            architecture.ImageProjection.OutFeatures, architecture.MotionRefiner.NumQueries)
        {
            HasReferenceInputs = true,
        };
        network = workbench.Load(
            CheckpointLabels.UNet, "unet-naive", (builder, weights) => new NaiveDialect(builder, weights), dialect => UNetGraph.Build(dialect, architecture.UNet, form));
        inputs = network.Inputs.ToDictionary(input => input.Key, input => FloatTensor.Zeros(input.Value));
        outputs = network.Outputs.ToDictionary(output => output.Key, output => FloatTensor.Zeros(output.Value));
        WriteConstants(portrait);
    }

    public int WindowLength => Workbench.WindowLength;

    /// <summary>The three predictions of the newest run.</summary>
    public FloatTensor Predictions => outputs["output"];

    public void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken)
    {
        Write(input);
        Run();
        GuidanceCombiner.Combine(input.Guidance, Predictions.Values, velocity);
    }

    /// <summary>Noisy latents go to channels 0–3 of every branch, motion tokens to the last branch only (SPEC §9.5).</summary>
    public void Write(WindowInput input)
    {
        var values = Workbench.LatentValues;
        var latents = input.ScaledLatents.Span;
        for (var map = 0; map < Branches * WindowLength; map++)
            latents.Slice(map % WindowLength * values, values).CopyTo(inputs["sample"].Values[(2 * map * values)..]);
        var motion = inputs["motion_tokens"].Values;
        input.MotionTokens.Span.CopyTo(motion[(motion.Length / Branches * 2)..]);
        inputs["timestep"].Values[0] = input.Timestep;
    }

    /// <summary>One forward of what was written last.</summary>
    public void Run() => network.Run(inputs, outputs);

    public void Dispose() => network.Dispose();

    private void WriteConstants(PortraitInputs portrait)
    {
        var values = Workbench.LatentValues;
        for (var map = 0; map < Branches * WindowLength; map++)
        {
            portrait.PoseFeatures.Values.CopyTo(inputs["pose_cond_fea"].Values[(map * portrait.PoseFeatures.Values.Length)..]);
            if (map < WindowLength)
                continue;
            portrait.ImageLatents.Values.CopyTo(inputs["sample"].Values[((2 * map + 1) * values)..]);
            portrait.ImageTokens.Values.CopyTo(inputs["encoder_hidden_states"].Values[(map * portrait.ImageTokens.Values.Length)..]);
        }

        var micro = Workbench.Architecture.Defaults.MicroConditioning;
        float[] ids = [micro.Fps, micro.MotionBucket, micro.NoiseAugmentation];
        for (var branch = 0; branch < Branches; branch++)
            ids.CopyTo(inputs["added_time_ids"].Values[(branch * ids.Length)..]);
    }
}
