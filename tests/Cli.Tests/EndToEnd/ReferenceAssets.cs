namespace HunyuanPortrait.Cli.Tests.EndToEnd;

/// <summary>The sample portrait and clip of the reference data, which are not part of this repository.</summary>
internal static class ReferenceAssets
{
    /// <summary>Null where there are none beside the checkout.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "reference", "assets");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
