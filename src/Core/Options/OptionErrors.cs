using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Options;

/// <summary>Refusals of settings, HP30xx.</summary>
public static class OptionErrors
{
    /// <summary>HP3001: settings contradict each other, themselves or the model; every failure is listed.</summary>
    /// <param name="failures">One sentence each, naming the setting, its value and what is expected; at least one.</param>
    public static RenderException Invalid(IReadOnlyCollection<string> failures) => new(
        "HP3001",
        failures.Count == 1
            ? $"The setting does not fit: {failures.First()}."
            : $"{failures.Count} settings do not fit:\n{string.Join('\n', failures.Select(failure => $"  - {failure}."))}");

    /// <summary>Throws <see cref="Invalid"/> unless the list is empty.</summary>
    public static void ThrowIfAny(IEnumerable<string> failures)
    {
        var all = failures.ToList();
        if (all.Count > 0)
            throw Invalid(all);
    }
}
