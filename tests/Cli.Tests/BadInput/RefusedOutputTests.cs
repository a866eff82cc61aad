using System.Diagnostics;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.BadInput;

/// <summary>Outputs that cannot be written.</summary>
public sealed class RefusedOutputTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public RefusedOutputTests() => program = new ProgramUnderTest(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Output_InAFolderThatIsMissing_IsRefused() => (await RenderAsync(folder.File("missing/result.mp4"))).AssertRefused("HP1401");

    [Fact]
    public async Task Output_WhereNobodyMayWrite_IsRefused() => (await RenderAsync("/proc/result.mp4")).AssertRefused("HP1401");

    [Fact]
    public async Task Output_WithUnknownEnding_IsRefused() => (await RenderAsync(folder.File("result.gif"))).AssertRefused("HP1404");

    [Fact]
    public async Task Output_ThatExists_IsRefusedAndKept()
    {
        var output = folder.File("result.mp4");
        await File.WriteAllTextAsync(output, "precious", TestContext.Current.CancellationToken);
        (await RenderAsync(output)).AssertRefused("HP4501");
        Assert.Equal("precious", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Output_ThatIsTheDrivingClip_IsRefused()
    {
        var clip = folder.File("clip.mp4");
        File.Copy(Clips.DemoClip, clip);
        var run = await program.RunAsync("render", "--portrait", Clips.DemoPortrait, "--driving", clip, "--out", clip, "--force");
        run.AssertRefused("HP4502");
        Assert.Equal(new FileInfo(Clips.DemoClip).Length, new FileInfo(clip).Length);
    }

    [Fact]
    public async Task WorkFolder_ThatIsMissing_IsRefused() =>
        (await RenderAsync(folder.File("result.mp4"), "--work-dir", "/proc/nowhere")).AssertRefused("HP4503");

    [Fact]
    public async Task Output_OnAFullDisk_IsRefusedAndLeavesNothing()
    {
        using var disk = SmallDisk.Mount(folder.File("disk"), kilobytes: 8);
        Assert.SkipUnless(disk is not null, "mounting a small tmpfs needs root");
        var output = Path.Combine(disk.Path, "result.mp4");
        (await RenderAsync(output, "--output-size", "512")).AssertRefused("HP1402");
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
        Leftovers.AssertNoTemporaryFiles(program);
    }

    [Fact]
    public async Task WorkFolder_OnAFullDisk_IsRefusedAndLeavesNothing()
    {
        using var disk = SmallDisk.Mount(folder.File("disk"), kilobytes: 8);
        Assert.SkipUnless(disk is not null, "mounting a small tmpfs needs root");
        var output = folder.File("result.mp4");
        var run = await RenderAsync(output, "--work-dir", disk.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("disk", run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
        Leftovers.AssertNone(program, folder, output);
    }

    [Fact]
    public async Task WorkFolder_ThatFillsUpAtWork_IsRefusedAndLeavesNothing()
    {
        using var disk = SmallDisk.Mount(folder.File("disk"), kilobytes: 400);
        Assert.SkipUnless(disk is not null, "mounting a small tmpfs needs root");
        var output = folder.File("result.mp4");
        (await RenderAsync(output, "--work-dir", disk.Path)).AssertRefused("HP4001");
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
        Leftovers.AssertNone(program, folder, output);
    }

    private Task<ProgramRun> RenderAsync(string output, params string[] more) => program.RunAsync(
        ["render", "--portrait", Clips.DemoPortrait, "--driving", Clips.DemoClip, "--out", output, "--assume-centred", "--driving-assume-centred", "--steps", "1", "--duration", "0.3", .. more]);

    /// <summary>A tmpfs of a few kilobytes.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string path) => Path = path;

        public string Path { get; }

        public static SmallDisk? Mount(string path, int kilobytes)
        {
            Directory.CreateDirectory(path);
            return Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path) ? new SmallDisk(path) : null;
        }

        public void Dispose() => Run("umount", Path);

        private static bool Run(string program, params string[] arguments)
        {
            if (!OperatingSystem.IsLinux())
                return false;
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
