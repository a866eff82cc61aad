using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media.Video;

/// <summary>
/// One run of ffmpeg or ffprobe, with its pipes. FFMpegCore composes commands, but is not left to run them: it closes its pipe the moment
/// ffmpeg exits, and what a slow reader has not yet taken out of it is lost.
/// </summary>
internal sealed partial class FfmpegProcess : IAsyncDisposable
{
    private const int KeptLines = 4;
    private const int LongestLine = 160;
    private readonly Process process;
    private readonly Queue<string> lastWords = new();
    private readonly Task errors;

    private FfmpegProcess(Process process)
    {
        this.process = process;
        errors = CollectErrorsAsync();
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>The last different lines on stderr; valid after <see cref="WaitAsync"/>.</summary>
    public string LastWords { get; private set; } = "";

    /// <exception cref="Core.Errors.RenderException">HP1001: the program cannot be started.</exception>
    public static FfmpegProcess Start(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return new FfmpegProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw MediaErrors.ProgramMissing(program, e);
        }
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await errors.WaitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>Kills the program if it still runs, and nothing else.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await WaitAsync(CancellationToken.None).ConfigureAwait(false);
        process.Dispose();
    }

    private async Task CollectErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (lastWords.Count == KeptLines)
                lastWords.Dequeue();
            var words = Address().Replace(line, "").Trim();
            lastWords.Enqueue(words.Length > LongestLine ? words[..LongestLine] + "…" : words);
        }

        LastWords = string.Join("; ", lastWords.Where(line => line.Length > 0).Distinct());
    }

    /// <summary>The component that speaks, with an address that differs in every run.</summary>
    [GeneratedRegex(@"\[[^\]]* @ 0x[0-9a-f]+\] ")]
    private static partial Regex Address();
}
