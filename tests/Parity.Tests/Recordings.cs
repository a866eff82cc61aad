namespace HunyuanPortrait.Parity.Tests;

/// <summary>Where recorded cases are: the few that are fixtures of this project, and the whole set beside the repository where it is there.</summary>
internal static class Recordings
{
    public static string Fixtures { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static string? Shared { get; } = FindShared();

    private static string? FindShared()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var golden = Path.Combine(directory.FullName, "shared", "reference", "golden");
            if (Directory.Exists(golden))
                return golden;
        }

        return null;
    }
}
