using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>The official layout: which file holds which checkpoint.</summary>
public static class CheckpointLayout
{
    /// <summary>The face recognition model; copied as it is, and optional.</summary>
    public const string ArcFace = "arcface.onnx";

    /// <summary>By label (<see cref="CheckpointLabels"/>), the names under which the file is looked for, the published one first.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Files { get; } = new OrderedDictionary<string, IReadOnlyList<string>>
    {
        [CheckpointLabels.ImageEncoder] = ["hyportrait/dino.pth", "hyportrait/dino.safetensors"],
        [CheckpointLabels.ImageProjection] = ["hyportrait/image_proj.pth", "hyportrait/image_proj.safetensors"],
        [CheckpointLabels.Expression] = ["hyportrait/expression.pth", "hyportrait/expression.safetensors"],
        [CheckpointLabels.HeadPose] = ["hyportrait/headpose.pth", "hyportrait/headpose.safetensors"],
        [CheckpointLabels.MotionRefiner] = ["hyportrait/motion_proj.pth", "hyportrait/motion_proj.safetensors"],
        [CheckpointLabels.PoseGuider] = ["hyportrait/pose_guider.pth", "hyportrait/pose_guider.safetensors"],
        [CheckpointLabels.Vae] = ["vae/diffusion_pytorch_model.fp16.safetensors", "vae/diffusion_pytorch_model.safetensors"],
        [CheckpointLabels.UNet] = ["hyportrait/unet.pth", "hyportrait/unet.safetensors"],
    };

    /// <summary>Finds every checkpoint.</summary>
    /// <returns>Path relative to the folder, by label.</returns>
    /// <exception cref="Core.Errors.RenderException">HP2020: files are missing; all of them are listed.</exception>
    public static IReadOnlyDictionary<string, string> Locate(string folder)
    {
        var found = new OrderedDictionary<string, string>();
        var missing = new List<string>();
        foreach (var (label, names) in Files)
        {
            if (names.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) is { } name)
                found.Add(label, name);
            else
                missing.Add(names[0]);
        }
        return missing.Count == 0 ? found : throw CheckpointErrors.LayoutIncomplete(folder, missing);
    }
}
