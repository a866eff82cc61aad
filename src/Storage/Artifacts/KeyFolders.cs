using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>Where keys are in a directory.</summary>
internal sealed class KeyFolders(string root)
{
    public string PathOf(ArtifactKey key) => Path.Combine(root, key.Value.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Opens a file so that others may replace or delete it meanwhile; null when it is not there.</summary>
    public static SafeFileHandle? OpenOrNull(string path, FileOptions options = FileOptions.None)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            if (Refusal(path) is not null)
                return null;
            throw StorageErrors.CannotRead(path, exception);
        }
    }

    /// <summary>What is wrong with the name of a file, if anything is: a folder has it, or a file has the name of a folder above it.</summary>
    public static RenderException? Refusal(string path)
    {
        if (Directory.Exists(path))
            return StorageErrors.FolderAndArtifact(path);
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
                return StorageErrors.FolderAndArtifact(above);
        }

        return null;
    }

    /// <summary>Removes the folders above a file that became empty.</summary>
    public void RemoveEmptyAbove(string path)
    {
        try
        {
            for (var folder = Path.GetDirectoryName(path)!; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
            {
                if (Directory.EnumerateFileSystemEntries(folder).Any())
                    return;
                Directory.Delete(folder);
            }
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            // Somebody else removed it, or put something there. An empty folder is invisible, so nothing depends on this.
        }
    }

    /// <summary>Everything in a folder, at any depth, in the ordinal order of the keys.</summary>
    public IEnumerable<ArtifactInfo> List(ArtifactKey? folder)
    {
        var start = new DirectoryInfo(folder is null ? root : PathOf(folder));
        // A folder sorts as if its name ended with the slash that follows it in the keys.
        foreach (var entry in Entries(start).OrderBy(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name, StringComparer.Ordinal))
        {
            var name = folder is null ? entry.Name : $"{folder}/{entry.Name}";
            // Not ours: hidden files, and what somebody else put there.
            if (!ArtifactKey.TryParse(name, out var key))
                continue;
            var found = entry is FileInfo file ? InfoOrNone(key, file) : List(key);
            foreach (var info in found)
                yield return info;
        }
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.CannotRead(folder.FullName, exception);
        }
    }

    private static IEnumerable<ArtifactInfo> InfoOrNone(ArtifactKey key, FileInfo file)
    {
        try
        {
            return [new ArtifactInfo(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc))];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
