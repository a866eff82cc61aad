using System.Diagnostics;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.EndToEnd;

/// <summary>Renders whose work is kept in a folder: what a killed process had done is not done again, and the result is the same.</summary>
public sealed class StoreTests : IDisposable
{
    private const string StepCount = "8";

    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public StoreTests() => program = new ProgramUnderTest(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Render_KilledInTheMiddle_GoesOnWhereItWas()
    {
        var store = folder.File("store");
        using (var killed = program.Start(Arguments("killed.mp4", store)))
        {
            await WaitForStepAsync(killed, store, 2);
            (await program.RunAsync(Arguments("second.mp4", store))).AssertRefused("HP4203");
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var prepared = Assert.Single(Directory.GetFiles(store, "preparation", SearchOption.AllDirectories));
        var (preparedAt, doneSteps) = (File.GetLastWriteTimeUtc(prepared), Steps(store).Max());
        (await program.RunAsync(Arguments("continued.mp4", store))).AssertDone();
        Assert.Equal(preparedAt, File.GetLastWriteTimeUtc(prepared));
        Assert.True(doneSteps >= 2);

        (await program.RunAsync(Arguments("at-once.mp4", null))).AssertDone();
        Assert.Equal(await Clips.FrameHashAsync(folder.File("at-once.mp4")), await Clips.FrameHashAsync(folder.File("continued.mp4")));
    }

    [Fact]
    public async Task Render_SameAgain_TakesTheVideoFromTheStore()
    {
        var store = folder.File("store");
        (await program.RunAsync(Arguments("first.mp4", store, "1"))).AssertDone();
        var tokens = Assert.Single(Directory.GetFiles(Path.Combine(store, "motion"), "0", SearchOption.AllDirectories));
        var written = File.GetLastWriteTimeUtc(tokens);
        (await program.RunAsync(Arguments("second.mp4", store, "1"))).AssertDone();
        Assert.Equal(await File.ReadAllBytesAsync(folder.File("first.mp4"), Token), await File.ReadAllBytesAsync(folder.File("second.mp4"), Token));

        // Another job on the same performance has its motion tokens already.
        (await program.RunAsync([.. Arguments("third.mp4", store, "1"), "--seed", "5"])).AssertDone();
        Assert.Equal(written, File.GetLastWriteTimeUtc(tokens));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(store, "jobs"), "specification", SearchOption.AllDirectories).Length);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Arguments(string output, string? store, string steps = StepCount)
    {
        string[] always =
        [
            "render", "--model", "stand-in", "--portrait", Clips.DemoPortrait, "--driving", Clips.DemoClip, "--assume-centred", "--driving-assume-centred",
            "--duration", "0.2", "--out", folder.File(output), "--steps", steps,
        ];
        return store is null ? always : [.. always, "--store", store];
    }

    private static IEnumerable<int> Steps(string store) => Directory.Exists(store)
        ? Directory.GetFiles(store, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path))) == "latents")
            .Select(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture))
        : [];

    // Nobody says when a step is stored, so the test looks; a render that ends before is a failure.
    private static async Task WaitForStepAsync(Process process, string store, int step)
    {
        while (!Steps(store).Any(each => each >= step))
        {
            Assert.False(process.HasExited, "the render ended before it could be killed");
            await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
        }
    }
}
