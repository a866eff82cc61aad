using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Parity;

/// <summary>Refusals of <c>models check</c>, HP28xx.</summary>
public static class ParityErrors
{
    /// <summary>HP2801: nothing in the directory is a case.</summary>
    public static RenderException NoCases(string path) => new(
        "HP2801",
        $"{path} holds no recorded case: neither it nor a directory in it has a config.json of a known kind. Give a case, or a directory of cases.");

    /// <summary>HP2802: the configuration cannot be read.</summary>
    public static RenderException BadConfig(string path, Exception cause) => new("HP2802", $"{path} is not a case's configuration: {cause.Message}.", cause);

    /// <summary>HP2803: a recorded tensor is missing.</summary>
    public static RenderException MissingTensor(string path, string name) => new("HP2803", $"{path} has no tensor '{name}', which this kind of case needs.");

    /// <summary>HP2804: the weights do not fit the configuration.</summary>
    public static RenderException WeightsDoNotFit(string source, IReadOnlyList<string> problems) => new(
        "HP2804", $"{source} does not fit the configuration beside it:\n{string.Join('\n', problems.Select(problem => $"  - {problem}"))}");
}
