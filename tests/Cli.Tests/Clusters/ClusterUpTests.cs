using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.Clusters;

/// <summary>The real program with real processes: a job goes through them while one of them is killed.</summary>
public sealed partial class ClusterUpTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public ClusterUpTests() => program = new ProgramUnderTest(folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_GpuSiloKilledAtWork_RendersTheSameFramesAndLeavesNoProcess()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "needs redis-server on the PATH");
        string[] clip =
        [
            "--model", "stand-in", "--portrait", Clips.DemoPortrait, "--assume-centred", "--driving", Clips.DemoClip, "--driving-assume-centred",
            "--duration", "1", "--steps", "2", "--pad", "2", "--threads", "1",
        ];
        var (alone, together) = (folder.File("alone.mp4"), folder.File("together.mp4"));
        (await program.RunAsync(["render", .. clip, "--out", alone])).AssertDone();

        using var up = program.Start("cluster", "up", "--gpu-silos", "2", "--model", "stand-in", "--threads", "1", "--dir", folder.File("cluster"));
        var processes = await ReadProcessesAsync(up);
        Assert.Equal(["redis-server", "control-0", "gpu-0", "gpu-1"], processes.Keys.Order(StringComparer.Ordinal).OrderBy(name => name != "redis-server"));
        var render = program.RunAsync(["render", .. clip, "--out", together, "--cluster", folder.File("cluster")]);
        await AwaitResultAsync();
        using (var victim = Process.GetProcessById(processes["gpu-0"]))
            victim.Kill();
        (await render).AssertDone();
        Assert.Equal(await Clips.FrameHashAsync(alone), await Clips.FrameHashAsync(together));

        using (var end = Process.Start("kill", ["-INT", up.Id.ToString(CultureInfo.InvariantCulture)]))
            await end.WaitForExitAsync(Token);
        Assert.Equal(130, (await ProgramUnderTest.FinishAsync(up)).ExitCode);
        Assert.All(processes.Values, id => Assert.Throws<ArgumentException>(() => Process.GetProcessById(id)));
    }

    [Fact]
    public async Task Render_NoClusterThere_IsRefused() =>
        (await program.RunAsync("render", "--portrait", Clips.DemoPortrait, "--driving", Clips.DemoClip, "--out", folder.File("out.mp4"), "--cluster", folder.File("none")))
            .AssertRefused("HP3107", exitCode: 2);

    public void Dispose() => folder.Dispose();

    // Until the line that says how to end it.
    private static async Task<Dictionary<string, int>> ReadProcessesAsync(Process up)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        var processes = new Dictionary<string, int>();
        while (await up.StandardOutput.ReadLineAsync(patience.Token) is { } line && !line.StartsWith("end with", StringComparison.Ordinal))
        {
            if (ProcessLine().Match(line) is { Success: true } match)
                processes[match.Groups["name"].Value] = int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture);
        }

        return processes;
    }

    // The first denoised window is there, so both GPU silos are at work.
    private async Task AwaitResultAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        var jobs = Path.Combine(folder.File("cluster"), "store", "jobs");
        while (!Directory.Exists(jobs) || !Directory.EnumerateDirectories(jobs, "windows", SearchOption.AllDirectories).Any())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    [GeneratedRegex("^(?<name>redis-server|control-0|gpu-[01]) +process (?<id>[0-9]+),")]
    private static partial Regex ProcessLine();
}
