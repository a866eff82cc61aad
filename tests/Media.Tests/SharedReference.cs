using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Pictures;

namespace HunyuanPortrait.Media.Tests;

/// <summary>The reference data beside the repository. It is not part of the repository: tests that need it are skipped without it.</summary>
internal static class SharedReference
{
    private static readonly string? Root = Find();

    public static string PathOf(string relative)
    {
        Assert.SkipUnless(Root is not null, "needs ../shared/reference");
        return Path.Combine(Root!, relative);
    }

    /// <summary>As the reference reads it: profiles ignored.</summary>
    public static RgbImage Picture(string relative) => new PictureReader { IgnoreColourProfile = true }.Read(PathOf(relative));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "reference");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
