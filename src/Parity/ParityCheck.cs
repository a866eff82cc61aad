using HunyuanPortrait.Parity.Cases;

namespace HunyuanPortrait.Parity;

/// <summary>Runs recorded cases (<c>models check</c>).</summary>
public static class ParityCheck
{
    private static readonly ICaseRunner[] Runners =
    [
        new UNetCase(), new VaeCase(), new ImageEncoderCase(), new ImageProjectionCase(), new ExpressionCase(), new HeadPoseCase(),
        new MotionRefinerCase(), new PoseGuiderCase(), new SchedulerCase(), new LongSamplingCase(),
        new PreprocessCase(), new YoloCase(), new PthFormatCase(), new FullSizeCase(),
    ];

    /// <summary>Runs a case, or every case of a directory, in order of their names.</summary>
    /// <exception cref="Core.Errors.RenderException">HP2801 where there is no case; HP28xx and HP20xx where one cannot be read.</exception>
    public static IEnumerable<CaseReport> Run(string path, ParityOptions options)
    {
        var cases = FindCases(path);
        if (cases.Count == 0)
            throw ParityErrors.NoCases(path);
        return cases.Select(found => RunCase(found, options));
    }

    private static CaseReport RunCase((string Path, ICaseRunner Runner) found, ParityOptions options)
    {
        using var directory = new CaseDirectory(found.Path);
        return new CaseReport(directory.Name, found.Runner.Kind, [.. found.Runner.Run(directory, options)]);
    }

    private static List<(string, ICaseRunner)> FindCases(string path)
    {
        if (!Directory.Exists(path))
            throw ParityErrors.NoCases(path);
        string[] candidates = RunnerFor(path) is null ? [.. Directory.GetDirectories(path).Order(StringComparer.Ordinal)] : [path];
        return [.. candidates.Select(candidate => (candidate, RunnerFor(candidate))).Where(found => found.Item2 is not null).Select(found => (found.candidate, found.Item2!))];
    }

    private static ICaseRunner? RunnerFor(string path)
    {
        using var directory = new CaseDirectory(path);
        return Runners.FirstOrDefault(runner => runner.Accepts(directory));
    }
}
