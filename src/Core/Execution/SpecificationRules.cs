using HunyuanPortrait.Core.Options;

namespace HunyuanPortrait.Core.Execution;

/// <summary>What a specification must keep to, whatever the model is.</summary>
internal static class SpecificationRules
{
    /// <exception cref="Errors.RenderException">HP3001: every failure is listed.</exception>
    public static void Require(JobSpecification specification) => OptionErrors.ThrowIfAny(Failures(specification));

    private static IEnumerable<string> Failures(JobSpecification specification)
    {
        foreach (var failure in specification.Shape(specification.FrameCount).Failures().Concat(SettingsRules.Failures(specification.Settings.Guidance)))
            yield return failure;
        if (specification.Output.Container is not (".mp4" or ".mov" or ".mkv"))
            yield return $"output.container ({specification.Output.Container}) must be .mp4, .mov or .mkv";
        if (specification.Output.Width is < OutputSettings.LeastWidth or > OutputSettings.LargestWidth)
            yield return $"output.width ({specification.Output.Width}) must be {OutputSettings.LeastWidth} to {OutputSettings.LargestWidth}";
        if (specification.Output is { Width: not null, PasteBack: true })
            yield return "output.width must not be given together with output.pasteBack: the whole picture has the portrait's size";
        if (specification.Model.Length == 0)
            yield return "model must name the weights";
        foreach (var (name, place) in new[] { ("portrait", specification.Faces.Portrait), ("driving", specification.Faces.Driving) })
        {
            if ((place.Source == FaceSource.Box) != (place.Box is not null))
                yield return $"faces.{name}.box must be given exactly when faces.{name}.source is Box";
            if ((place.Source == FaceSource.Known) != (place.Track is not null))
                yield return $"faces.{name}.track must be given exactly when faces.{name}.source is Known";
        }
    }
}
