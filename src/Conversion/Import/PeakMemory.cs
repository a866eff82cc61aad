using System.Globalization;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>Largest resident set of this process, as Linux counts it (mapped file pages included).</summary>
internal static class PeakMemory
{
    /// <summary>Starts a new measurement where the system permits it; elsewhere the peak is since the program's start.</summary>
    public static void Restart()
    {
        const string Reset = "/proc/self/clear_refs";
        try
        {
            if (File.Exists(Reset))
                File.WriteAllText(Reset, "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not permitted in some containers; the peak then counts from the program's start, which is an upper bound.
            return;
        }
    }

    /// <summary>Bytes.</summary>
    public static long Bytes
    {
        get
        {
            const string Status = "/proc/self/status";
            if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
                return 1024 * long.Parse(line.AsSpan(6).Trim(" \tkB"), CultureInfo.InvariantCulture);
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }
}
