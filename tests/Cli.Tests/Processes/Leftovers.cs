namespace HunyuanPortrait.Cli.Tests.Processes;

internal static class Leftovers
{
    /// <summary>No output, no partial output beside it, no temporary file of ours.</summary>
    public static void AssertNone(ProgramUnderTest program, TestFolder folder, string output)
    {
        Assert.False(File.Exists(output), "there is an output");
        Assert.Empty(Directory.EnumerateFiles(folder.Path, ".*"));
        AssertNoTemporaryFiles(program);
    }

    /// <summary>The work folder is gone. (The runtime keeps its own files in the same place.)</summary>
    public static void AssertNoTemporaryFiles(ProgramUnderTest program) =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.TemporaryFiles, "portrait*"));
}
