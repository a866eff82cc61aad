using System.Diagnostics;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

/// <summary>Another process on the directory (tests/StorageRacer). It is killed when it is disposed.</summary>
internal sealed class RacerProcess : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "HunyuanPortrait.StorageRacer.dll");

    private readonly Process process;

    private RacerProcess(Process process) => this.process = process;

    public static RacerProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new RacerProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has written some lines.</summary>
    public async Task SkipLinesAsync(int count, CancellationToken cancellationToken)
    {
        for (var line = 0; line < count; line++)
            Assert.NotNull(await process.StandardOutput.ReadLineAsync(cancellationToken));
    }

    /// <summary>Waits for its end.</summary>
    public async Task<string[]> FinishAsync(CancellationToken cancellationToken)
    {
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>As kill -9.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}
