using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Motion;
using HunyuanPortrait.Conversion.Networks.Portrait;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Networks.Vae;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>How each network of the official size is run and compared.</summary>
internal static class FullSizeNetworks
{
    public static IEnumerable<Comparison> Run(FullSizeRecording recording) => recording.Labels[0] switch
    {
        CheckpointLabels.Expression => Expression(recording),
        CheckpointLabels.HeadPose => HeadPose(recording),
        CheckpointLabels.MotionRefiner => MotionRefiner(recording),
        CheckpointLabels.PoseGuider => PoseGuider(recording),
        CheckpointLabels.ImageEncoder => ImageEncoder(recording),
        CheckpointLabels.Vae => Vae(recording),
        CheckpointLabels.UNet => UNet(recording),
        _ => [Comparison.Failed(recording.Name, "", Tolerance.Module, $"no network has the label {recording.Labels[0]}")],
    };

    private static IEnumerable<Comparison> Expression(FullSizeRecording recording)
    {
        var image = recording.Input(0);
        var outputs = recording.Run(CheckpointLabels.Expression,
            dialect => ExpressionGraph.Build(dialect, recording.Architecture.Expression, image.Shape[2]), new() { ["image"] = image }, image.Shape[0]);
        yield return recording.Compare("output", outputs["output"]);
    }

    private static IEnumerable<Comparison> HeadPose(FullSizeRecording recording)
    {
        var image = recording.Input(0);
        var outputs = recording.Run(CheckpointLabels.HeadPose,
            dialect => HeadPoseGraph.Build(dialect, recording.Architecture.HeadPose, image.Shape[2]), new() { ["image"] = image }, image.Shape[0]);
        yield return recording.Compare("rotation", outputs["rotation"]);
        yield return recording.Compare("translation", outputs["translation"]);
    }

    private static IEnumerable<Comparison> MotionRefiner(FullSizeRecording recording)
    {
        var features = recording.Input(0);
        var outputs = recording.Run(
            CheckpointLabels.MotionRefiner,
            dialect => MotionRefinerGraph.Build(dialect, recording.Architecture.MotionRefiner),
            new()
            {
                ["features"] = features,
                ["head_id"] = FloatTensor.Of(recording["head_id"].GetValue<int>()),
                ["exp_id"] = FloatTensor.Of(recording["exp_id"].GetValue<int>()),
            },
            features.Shape[0]);
        var output = outputs["output"];
        yield return recording.Compare("output_first_frame", output);
        yield return recording.Compare("output_last_frame_first_8_tokens", output, output.Values.Length / output.Shape[0] * (output.Shape[0] - 1));
    }

    private static IEnumerable<Comparison> PoseGuider(FullSizeRecording recording)
    {
        var clip = recording.Input(0);
        var image = clip.Reshape(1, clip.Shape[1], clip.Shape[3], clip.Shape[4]);
        foreach (var (name, input) in new[] { ("output", image), ("output_black", FloatTensor.Zeros([.. image.Shape.Dimensions])) })
        {
            var outputs = recording.Run(CheckpointLabels.PoseGuider,
                dialect => PoseGuiderGraph.Build(dialect, recording.Architecture.PoseGuider, frames: 1, image.Shape[2], image.Shape[3]), new() { ["image"] = input });
            yield return recording.Compare(name, outputs["output"]);
        }
    }

    private static IEnumerable<Comparison> ImageEncoder(FullSizeRecording recording)
    {
        var image = recording.Input(0);
        var embeddings = recording.Run(CheckpointLabels.ImageEncoder,
            dialect => ImageEncoderGraph.Build(dialect, recording.Architecture.ImageEncoder, image.Shape[2]),
            new() { ["image"] = image, ["id_features"] = recording.Input(1) })["output"];
        yield return recording.Compare("dino_output_first_32_tokens", embeddings);
        var tokens = recording.Run(CheckpointLabels.ImageProjection,
            dialect => ImageProjectionGraph.Build(dialect, recording.Architecture.ImageProjection, embeddings.Shape[2]), new() { ["input"] = embeddings });
        yield return recording.Compare("image_tokens", tokens["output"]);
    }

    private static IEnumerable<Comparison> Vae(FullSizeRecording recording)
    {
        var (image, latents) = (recording.Input(0), recording.Input(1));
        var encoded = recording.Run(CheckpointLabels.Vae,
            dialect => VaeEncoderGraph.Build(dialect, recording.Architecture.Vae, image.Shape[2], image.Shape[3]), new() { ["image"] = image });
        yield return recording.Compare("latent_mode", encoded["latent_mode"]);
        var decoded = recording.Run(CheckpointLabels.Vae,
            dialect => VaeDecoderGraph.Build(dialect, recording.Architecture.Vae, latents.Shape[2], latents.Shape[3]), new() { ["latents"] = latents }, latents.Shape[0]);
        yield return recording.Compare("decoded", decoded["frames"]);
    }

    private static IEnumerable<Comparison> UNet(FullSizeRecording recording)
    {
        var (sample, image, motion) = (recording.Input(0), recording.Input(1), recording.Input(2));
        var form = new UNetForm(
            [.. Enumerable.Repeat(GuidanceBranch.Cond, sample.Shape[0])], sample.Shape[1], sample.Shape[3], sample.Shape[4], image.Shape[1], motion.Shape[1])
        {
            HasReferenceInputs = true,
        };
        var ids = recording["added_time_ids"].AsArray().SelectMany(row => row!.AsArray().Select(id => id!.GetValue<float>())).ToArray();
        var outputs = recording.Run(CheckpointLabels.UNet, dialect => UNetGraph.Build(dialect, recording.Architecture.UNet, form), new()
        {
            ["sample"] = sample,
            ["timestep"] = FloatTensor.Of(recording["timestep"].GetValue<float>()),
            ["added_time_ids"] = FloatTensor.Of(ids).Reshape(sample.Shape[0], 3),
            ["encoder_hidden_states"] = image,
            ["motion_tokens"] = motion,
            ["pose_cond_fea"] = recording.Input(3),
        });
        yield return recording.Compare("output", outputs["output"]);
    }
}
