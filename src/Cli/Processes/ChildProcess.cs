using System.Diagnostics;
using System.Globalization;

namespace HunyuanPortrait.Cli.Processes;

/// <summary>A process that this one has started: it can be killed, paused and asked to end, and it is dead when this is disposed. What it writes is in its log.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int ShownLines = 20;

    // What it had started itself may live on and hold the pipes.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    private readonly Process process;
    private readonly StreamWriter log;
    private readonly Lock logging = new();
    private readonly Queue<string> lastLines = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task output;
    private bool isDisposed;
    private bool isLogClosed;

    private ChildProcess(ChildCommand command, string logFolder)
    {
        Name = command.Name;
        var start = new ProcessStartInfo(command.Program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        Directory.CreateDirectory(logFolder);
        LogPath = Path.Combine(logFolder, Name + ".log");
        log = new StreamWriter(LogPath, append: true) { AutoFlush = true };
        process = Process.Start(start)!;
        Id = process.Id;
        output = Task.WhenAll(KeepAsync(process.StandardOutput, command.ReadyText), KeepAsync(process.StandardError, command.ReadyText));
    }

    public string Name { get; }

    public int Id { get; }

    public string LogPath { get; }

    /// <summary>What it ended with; it has ended.</summary>
    public int ExitCode => process.ExitCode;

    public bool HasExited => process.HasExited;

    /// <summary>Starts a process and waits until it is ready. Whatever happens in between, it is not left behind.</summary>
    /// <exception cref="InvalidOperationException">It ended before it was ready; the message has its last lines.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command, string logFolder, CancellationToken cancellationToken)
    {
        var child = new ChildProcess(command, logFolder);
        try
        {
            await Task.WhenAny(child.ready.Task, child.output).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!child.ready.Task.IsCompleted)
                throw new InvalidOperationException($"{command.Name} ended before it was ready (log: {child.LogPath}):\n{child.LastLines()}");
            return child;
        }
        catch
        {
            await child.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool HasEnded => isDisposed || process.HasExited;

    /// <summary><c>kill -9</c>: it does nothing any more. As all that follows, nothing for a process that has ended.</summary>
    public async Task KillAsync()
    {
        if (HasEnded)
            return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>It stands still, its connections stay open.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>It goes on as if no time had passed.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>Asks it to end, and waits for that.</summary>
    public async Task TerminateAsync(CancellationToken cancellationToken)
    {
        Signal("TERM");
        if (isDisposed)
            return;
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>It has ended: waits until what it wrote last is in its log.</summary>
    public Task CompleteLogAsync() => Task.WhenAny(output, Task.Delay(OutputGrace, TimeProvider.System));

    /// <summary>Kills it with its own children, where it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        await CompleteLogAsync().ConfigureAwait(false);
        lock (logging)
        {
            isLogClosed = true;
            log.Dispose();
        }

        process.Dispose();
    }

    private async Task KeepAsync(StreamReader reader, string readyText)
    {
        while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            lock (logging)
            {
                if (isLogClosed)
                    return;
                log.WriteLine(line);
                lastLines.Enqueue(line);
                if (lastLines.Count > ShownLines)
                    lastLines.Dequeue();
            }

            if (line.Contains(readyText, StringComparison.Ordinal))
                ready.TrySetResult();
        }
    }

    private string LastLines()
    {
        lock (logging)
            return string.Join('\n', lastLines);
    }

    private void Signal(string name)
    {
        if (HasEnded)
            return;
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0 && !HasEnded)
            throw new InvalidOperationException($"{Name} (process {Id}) does not live any more.");
    }
}
