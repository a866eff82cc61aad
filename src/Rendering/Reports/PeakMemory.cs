using System.Diagnostics;

namespace HunyuanPortrait.Rendering.Reports;

/// <summary>The largest resident size that the process has had.</summary>
internal static class PeakMemory
{
    public static long Bytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
