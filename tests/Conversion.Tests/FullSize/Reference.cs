namespace HunyuanPortrait.Conversion.Tests.FullSize;

/// <summary>Finds <c>../shared/reference</c> beside the checkout, where it exists.</summary>
internal static class Reference
{
    public static string? Find(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "reference", relativePath);
            if (Path.Exists(path))
                return path;
        }
        return null;
    }
}
