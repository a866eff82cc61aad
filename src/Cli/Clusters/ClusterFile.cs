using System.Text.Json;
using HunyuanPortrait.Silo.Remote;

namespace HunyuanPortrait.Cli.Clusters;

/// <summary>What a running cluster leaves in its folder for those who want to reach it.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Model">The model directory of its GPU silos.</param>
/// <param name="Process">The program that looks after it.</param>
internal sealed record ClusterFile(ClusterAddress Address, string Model, int Process)
{
    private const string Name = "cluster.json";

    /// <summary>The cluster that runs in a folder; null when none does.</summary>
    public static ClusterFile? Find(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return JsonSerializer.Deserialize<ClusterFile>(File.ReadAllBytes(path)) is { } file && IsAlive(file.Process) ? file : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, Name), JsonSerializer.SerializeToUtf8Bytes(this));

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, Name));

    // Who was killed the hard way has left its file.
    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
