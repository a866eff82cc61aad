using System.Text.Json;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Storage.Histories;

/// <summary>
/// The history of one process as a file of JSON lines. A line is with the operating system before <see cref="Note"/> returns, so a process that is
/// killed loses nothing that anybody could have seen the effect of; a machine that loses its power may. Thread-safe.
/// </summary>
public sealed class HistoryFile : IClusterHistory, IDisposable
{
    /// <summary>How the files end.</summary>
    public const string Extension = ".jsonl";

    private readonly Lock writing = new();
    private readonly FileStream file;
    private readonly TimeProvider clock;

    private HistoryFile(FileStream file, TimeProvider clock) => (this.file, this.clock) = (file, clock);

    /// <summary>Begins the history of a process.</summary>
    /// <param name="folder">Receives the file <c>{process}.jsonl</c>; created when missing.</param>
    /// <param name="process">Names the process; a process that is started again is another one.</param>
    /// <param name="clock">Puts the lines of several processes in order.</param>
    /// <exception cref="IOException">There is such a file already.</exception>
    public static HistoryFile Create(string folder, string process, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        return new HistoryFile(
            new FileStream(Path.Combine(folder, process + Extension), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), clock);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written: a history with a hole would prove nothing.</exception>
    public void Note(HistoryEntry entry)
    {
        // The order in the file is the order of the times.
        lock (writing)
            file.Write(new HistoryLine(clock.GetTimestamp(), entry).Write());
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Reads a process's history, also while it is written. A last line that is not whole is left out: whoever wrote it did not go on.</summary>
    /// <exception cref="InvalidDataException">A line is none of a history.</exception>
    public static IReadOnlyList<HistoryLine> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n');
        return [.. lines[..^1].Select((line, index) => Parse(line, path, index + 1))];
    }

    private static HistoryLine Parse(string line, string path, int number)
    {
        try
        {
            return HistoryLine.Parse(line);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"Line {number} of {path} is none of a history: {exception.Message}", exception);
        }
    }
}
