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
        if (specification.Model.Length == 0)
            yield return "model must name the weights";
    }
}
