using System.CommandLine;

namespace HunyuanPortrait.Cli.Options;

/// <summary>Where model directories are looked for, and the small model that needs no download.</summary>
internal static class ModelLocations
{
    /// <summary>Name of the model with seeded random weights.</summary>
    public const string StandIn = "stand-in";

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

    /// <summary>The directory of the wanted model. Without a wish it is the stand-in, which is written on first use.</summary>
    public static string Resolve(string? wanted, string? folder)
    {
        if (wanted is not null and not StandIn)
            return Directory.Exists(wanted) ? Path.GetFullPath(wanted) : Path.Combine(Folder(folder), wanted);
        return StandInDirectory.Ensure(Folder(folder));
    }
}
