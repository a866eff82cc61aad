using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Storage;

namespace HunyuanPortrait.Cli.Options;

/// <summary>The stand-in model on disk: written on first use, and again when the code that writes it has changed.</summary>
internal static class StandInDirectory
{
    private const int Seed = 1;
    private const string WriterName = "writer.txt";

    /// <summary>Deterministic builds: equal code, equal id.</summary>
    private static string Writer => typeof(StandInModel).Assembly.ManifestModule.ModuleVersionId.ToString();

    /// <summary>Returns the directory. Several programs may ask at the same time.</summary>
    public static string Ensure(string folder)
    {
        var directory = Path.Combine(folder, ModelLocations.StandIn);
        if (IsCurrent(directory))
            return directory;
        var draft = Path.Combine(folder, $".{ModelLocations.StandIn}-{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(folder);
            StandInModel.Write(draft, Architecture.Small, Seed);
            File.WriteAllText(Path.Combine(draft, WriterName), Writer);
            Publish(draft, directory);
            return directory;
        }
        catch (Exception failure) when (StorageErrors.IsFileFailure(failure))
        {
            throw StorageErrors.WriteFailed(directory, failure);
        }
        finally
        {
            if (Directory.Exists(draft))
                Directory.Delete(draft, recursive: true);
        }
    }

    private static bool IsCurrent(string directory)
    {
        var marker = Path.Combine(directory, WriterName);
        return File.Exists(Path.Combine(directory, ModelDirectory.ManifestName)) && File.Exists(marker) && File.ReadAllText(marker) == Writer;
    }

    /// <summary>Renames the draft into place. A stale directory is renamed away first; another program's fresh one stays.</summary>
    private static void Publish(string draft, string directory)
    {
        if (Directory.Exists(directory) && !IsCurrent(directory))
        {
            var stale = draft + ".old";
            Directory.Move(directory, stale);
            Directory.Delete(stale, recursive: true);
        }

        try
        {
            Directory.Move(draft, directory);
        }
        catch (IOException) when (IsCurrent(directory))
        {
            // Another program was faster and wrote the same model.
        }
    }
}
