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

    /// <summary>Starts some that do the same, lets them begin together, and waits for their ends.</summary>
    /// <returns>What they wrote.</returns>
    public static async Task<string[]> RaceAsync(int count, string[] arguments, CancellationToken cancellationToken)
    {
        RacerProcess[] racers = [.. Enumerable.Range(0, count).Select(_ => Start(arguments))];
        try
        {
            foreach (var racer in racers)
                await racer.SkipLinesAsync(1, cancellationToken);
            foreach (var racer in racers)
                await racer.process.StandardInput.WriteLineAsync();
            var lines = await Task.WhenAll(racers.Select(racer => racer.FinishAsync(cancellationToken)));
            return [.. lines.SelectMany(line => line)];
        }
        finally
        {
            foreach (var racer in racers)
                racer.Dispose();
        }
    }

    /// <summary>Waits until it has written some lines.</summary>
    public async Task SkipLinesAsync(int count, CancellationToken cancellationToken)
    {
        for (var line = 0; line < count; line++)
            Assert.NotNull(await process.StandardOutput.ReadLineAsync(cancellationToken));
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

    private async Task<string[]> FinishAsync(CancellationToken cancellationToken)
    {
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
