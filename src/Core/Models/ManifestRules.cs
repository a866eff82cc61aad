using HunyuanPortrait.Core.Options;

namespace HunyuanPortrait.Core.Models;

/// <summary>What a manifest must keep to before anything is computed from it.</summary>
internal static class ManifestRules
{
    private static readonly string[] Precisions = ["fp32", "fp16"];

    public static IEnumerable<string> Failures(ModelManifest manifest)
    {
        if (!Precisions.Contains(manifest.Precision))
            yield return $"precision ('{manifest.Precision}') must be one of {string.Join(", ", Precisions)}";
        var others = GeometryFailures(manifest.Geometry)
            .Concat(SettingsRules.Failures(manifest.Scheduler))
            .Concat(SettingsRules.Failures(manifest.Defaults, manifest.Geometry).Select(failure => "defaults." + failure))
            .Concat(manifest.Networks.SelectMany(network => FileFailures(network.Key, network.Value)));
        foreach (var failure in others)
            yield return failure;
    }

    private static IEnumerable<string> GeometryFailures(ModelGeometry geometry)
    {
        (string Name, int Value)[] sizes =
        [
            ("width", geometry.Width), ("height", geometry.Height), ("latentChannels", geometry.LatentChannels),
            ("latentDownscale", geometry.LatentDownscale), ("windowLength", geometry.WindowLength), ("imageTokens", geometry.ImageTokens),
            ("motionTokens", geometry.MotionTokens), ("tokenWidth", geometry.TokenWidth), ("firstLayerChannels", geometry.FirstLayerChannels),
            ("encoderImageSize", geometry.EncoderImageSize), ("motionCropSize", geometry.MotionCropSize), ("identityWidth", geometry.IdentityWidth),
        ];
        foreach (var (name, value) in sizes)
        {
            if (value < 1)
                yield return $"geometry.{name} ({value}) must be at least 1";
        }

        if (geometry.LatentDownscale >= 1 && (geometry.Width % geometry.LatentDownscale != 0 || geometry.Height % geometry.LatentDownscale != 0))
            yield return $"geometry.width × height ({geometry.Width}×{geometry.Height}) must be divisible by latentDownscale ({geometry.LatentDownscale})";
        if (!(geometry.LatentScalingFactor > 0 && float.IsFinite(geometry.LatentScalingFactor)))
            yield return $"geometry.latentScalingFactor ({geometry.LatentScalingFactor}) must be greater than 0";
        if (!float.IsFinite(geometry.TranslationScale))
            yield return $"geometry.translationScale ({geometry.TranslationScale}) must be a number";
    }

    // A manifest comes with a download: it must not reach outside its own directory.
    private static IEnumerable<string> FileFailures(string name, NetworkFile network)
    {
        foreach (var file in new[] { network.File, network.Weights }.OfType<string>())
        {
            if (file.Length == 0 || Path.IsPathRooted(file) || file.Split('/', '\\').Contains("..") || file.Contains(':'))
                yield return $"networks.{name}: '{file}' must be a path inside the model's directory";
        }
    }
}
