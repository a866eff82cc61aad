using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Motion;
using HunyuanPortrait.Conversion.Networks.Portrait;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Networks.Vae;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Models;

/// <summary>One graph of a model directory: which checkpoint feeds it, and how it is built.</summary>
/// <param name="Name">One of <see cref="NetworkNames"/>.</param>
/// <param name="Checkpoint">Label of the checkpoint (<see cref="CheckpointLabels"/>); graphs of one checkpoint share one external data file.</param>
/// <param name="NominalFreeLength">What the free dimension counts for in the reported FLOPs.</param>
/// <param name="Build">Writes the network.</param>
public sealed record NetworkPlan(string Name, string Checkpoint, int NominalFreeLength, Action<Dialect> Build)
{
    /// <summary>The reference runs these in fp32, so they compute in fp32 whatever the import's precision (SPEC §14).</summary>
    public bool ComputesInSingle => Name is NetworkNames.Expression or NetworkNames.HeadPose or NetworkNames.MotionRefiner or NetworkNames.VaeEncoder;

    /// <summary>Every graph of a model with pictures of the given size.</summary>
    public static IReadOnlyList<NetworkPlan> Of(Architecture architecture, int width, int height)
    {
        var (latentWidth, latentHeight) = (width / architecture.Vae.Downscale, height / architecture.Vae.Downscale);
        var group = architecture.Defaults.MotionGroupLength;
        UNetForm Form(params GuidanceBranch[] branches) => new(
            branches, architecture.Defaults.Windows.Length, latentHeight, latentWidth, architecture.ImageProjection.OutFeatures, architecture.MotionRefiner.NumQueries);
        return
        [
            new(NetworkNames.ImageEncoder, CheckpointLabels.ImageEncoder, 1, dialect => ImageEncoderGraph.Build(dialect, architecture.ImageEncoder, architecture.EncoderImageSize)),
            new(NetworkNames.ImageProjection, CheckpointLabels.ImageProjection, 1, dialect => ImageProjectionGraph.Build(dialect, architecture.ImageProjection, architecture.ImageEncoder.EmbedDim)),
            new(NetworkNames.Expression, CheckpointLabels.Expression, group, dialect => ExpressionGraph.Build(dialect, architecture.Expression, architecture.MotionCropSize)),
            new(NetworkNames.HeadPose, CheckpointLabels.HeadPose, group, dialect => HeadPoseGraph.Build(dialect, architecture.HeadPose, architecture.MotionCropSize)),
            new(NetworkNames.MotionRefiner, CheckpointLabels.MotionRefiner, group, dialect => MotionRefinerGraph.Build(dialect, architecture.MotionRefiner)),
            new(NetworkNames.PoseGuider, CheckpointLabels.PoseGuider, 1, dialect => PoseGuiderGraph.Build(dialect, architecture.PoseGuider, frames: 1, height, width)),
            new(NetworkNames.VaeEncoder, CheckpointLabels.Vae, 1, dialect => VaeEncoderGraph.Build(dialect, architecture.Vae, height, width)),
            new(NetworkNames.VaeDecoder, CheckpointLabels.Vae, architecture.Defaults.DecodeChunkLength, dialect => VaeDecoderGraph.Build(dialect, architecture.Vae, latentHeight, latentWidth)),
            new(NetworkNames.UNetFirstLayer, CheckpointLabels.UNet, 1, dialect => UNetFirstLayerGraph.Build(dialect, architecture.UNet, latentHeight, latentWidth)),
            new(NetworkNames.UNetTwoBranch, CheckpointLabels.UNet, 1, dialect => UNetGraph.Build(dialect, architecture.UNet, Form(GuidanceBranch.Uncond, GuidanceBranch.Cond))),
            new(NetworkNames.UNetThreeBranch, CheckpointLabels.UNet, 1, dialect => UNetGraph.Build(dialect, architecture.UNet, Form(GuidanceBranch.Uncond, GuidanceBranch.Drop, GuidanceBranch.Cond))),
        ];
    }
}

/// <summary>Labels of the checkpoints that make up a model, as the official file names have them.</summary>
public static class CheckpointLabels
{
    /// <summary><c>hyportrait/dino.pth</c>.</summary>
    public const string ImageEncoder = "dino";

    /// <summary><c>hyportrait/image_proj.pth</c>.</summary>
    public const string ImageProjection = "image_proj";

    /// <summary><c>hyportrait/expression.pth</c>.</summary>
    public const string Expression = "expression";

    /// <summary><c>hyportrait/headpose.pth</c>.</summary>
    public const string HeadPose = "headpose";

    /// <summary><c>hyportrait/motion_proj.pth</c>.</summary>
    public const string MotionRefiner = "motion_proj";

    /// <summary><c>hyportrait/pose_guider.pth</c>.</summary>
    public const string PoseGuider = "pose_guider";

    /// <summary><c>vae/diffusion_pytorch_model.fp16.safetensors</c>.</summary>
    public const string Vae = "vae";

    /// <summary><c>hyportrait/unet.pth</c>.</summary>
    public const string UNet = "unet";
}
