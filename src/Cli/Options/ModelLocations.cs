using System.CommandLine;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Cli.Options;

/// <summary>Where model directories are looked for, and the small models that need no download.</summary>
internal static class ModelLocations
{
    /// <summary>Name of the model with seeded random weights.</summary>
    public const string StandIn = "stand-in";

    /// <summary>Name of the model that was trained on drawn portraits and comes with the program.</summary>
    public const string Embedded = "embedded";

    /// <summary>Where the build puts the embedded model.</summary>
    public static string EmbeddedDirectory { get; } = Path.Combine(AppContext.BaseDirectory, "models", Embedded);

    /// <summary>Whether this program comes with it.</summary>
    public static bool HasEmbedded => File.Exists(Path.Combine(EmbeddedDirectory, ModelDirectory.ManifestName));

    public static Option<string> FolderOption() => new("--models")
    {
        HelpName = "DIR",
        Description = "folder of named models (default: PORTRAIT_MODELS, or hunyuan-portrait/models in the user's data folder)",
    };

    /// <summary>The folder of named models; it need not exist.</summary>
    public static string Folder(string? given)
    {
        if (given is not null)
            return Path.GetFullPath(given);
        if (Environment.GetEnvironmentVariable("PORTRAIT_MODELS") is { Length: > 0 } configured)
            return Path.GetFullPath(configured);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data, "hunyuan-portrait", "models");
    }

    /// <summary>The directory of the wanted model. Without a wish it is the embedded one, or the stand-in, which is written on first use.</summary>
    public static string Resolve(string? wanted, string? folder) => wanted switch
    {
        null or Embedded when HasEmbedded => EmbeddedDirectory,
        null or StandIn => StandInDirectory.Ensure(Folder(folder)),
        _ => Directory.Exists(wanted) ? Path.GetFullPath(wanted) : Path.Combine(Folder(folder), wanted),
    };
}
