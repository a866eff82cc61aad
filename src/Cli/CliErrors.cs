using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Cli;

/// <summary>Refusals of the command line (HP31xx). They end with exit code 2.</summary>
public static class CliErrors
{
    /// <summary>The command line cannot be understood: an unknown verb or option, a missing value.</summary>
    public static RenderException Usage(string problem, string verb) =>
        new("HP3101", $"{problem} Run './portrait {verb}--help' for what there is.");

    /// <summary>An option's value has not the expected form.</summary>
    public static RenderException MalformedValue(string option, string value, string expected) =>
        new("HP3102", $"{option} '{value}' is not {expected}.");

    /// <summary>An option's value is outside its range.</summary>
    public static RenderException ValueOutOfRange(string option, string value, string range) =>
        new("HP3103", $"{option} {value} is out of range: {range}.");

    /// <summary>Two options that contradict each other.</summary>
    public static RenderException Conflict(string first, string second) =>
        new("HP3104", $"{first} and {second} contradict each other. Give one of them.");

    /// <summary>The files of the demo are not beside the program.</summary>
    public static RenderException DemoFilesMissing(string folder) =>
        new("HP3105", $"the demo's picture and clip are not in {folder}. Run ./portrait demo from a checkout of the repository.");

    /// <summary>Something that a cluster is made of is not on this machine.</summary>
    public static RenderException ClusterProgramMissing(string program, string how) =>
        new("HP3106", $"{program} is needed for a cluster and is not there. {how}");

    /// <summary>No cluster runs in the folder.</summary>
    public static RenderException NoClusterHere(string folder) =>
        new("HP3107", $"no cluster runs in {folder}. Start one with './portrait cluster up --dir {folder}', or name the folder of one that runs.");

    /// <summary>A cluster runs in the folder already.</summary>
    public static RenderException ClusterIsUp(string folder, int process) =>
        new("HP3108", $"a cluster runs in {folder} already (process {process}). End it, or give --dir another folder.");

    /// <summary>A process of the cluster did not get ready.</summary>
    public static RenderException ClusterNotStarted(Exception failure) =>
        new("HP6204", $"the cluster could not be started: {failure.Message}", failure);

    /// <summary>A defect of the program, not of the input.</summary>
    public static RenderException Unexpected(Exception failure) =>
        new("HP5999", $"the program failed unexpectedly ({failure.GetType().Name}: {failure.Message}). Set PORTRAIT_DEBUG=1 to see where, and report it.", failure);
}
