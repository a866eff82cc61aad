namespace HunyuanPortrait.Cli.Processes;

/// <summary>How a process is started.</summary>
/// <param name="Name">Of the process and of its log.</param>
/// <param name="Program">Path, or a name on the PATH.</param>
/// <param name="Arguments">As they are.</param>
/// <param name="ReadyText">The process is ready when it has written a line with this text.</param>
internal sealed record ChildCommand(string Name, string Program, IReadOnlyList<string> Arguments, string ReadyText)
{
    /// <summary>Variables beside the inherited ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
