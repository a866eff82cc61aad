using System.Diagnostics;
using System.Text.RegularExpressions;

namespace HunyuanPortrait.Cli.Tests.Processes;

/// <summary>What one run of the real program did.</summary>
internal sealed partial record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>The code on the error line; null where there is none.</summary>
    public string? Code => ErrorLine().Match(Error) is { Success: true } match ? match.Groups["code"].Value : null;

    /// <summary>A refusal as users know it: this code, one line, no stack trace.</summary>
    public void AssertRefused(string code, int exitCode = 1)
    {
        Assert.True(ExitCode == exitCode && Code == code, $"exit code {ExitCode}, expected {exitCode} and {code}\n{Error}\n{Output}");
        Assert.Single(Error.Split('\n'), line => line.StartsWith("error ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
    }

    public void AssertDone() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Output}");

    [GeneratedRegex("^error (?<code>HP[0-9]{4}): ", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}

/// <summary>Starts the real program, with a folder for temporary files that the test can look into.</summary>
internal sealed class ProgramUnderTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public ProgramUnderTest(TestFolder folder) => TemporaryFiles = Directory.CreateDirectory(folder.File("tmp")).FullName;

    /// <summary>Where the program puts temporary files.</summary>
    public string TemporaryFiles { get; }

    public async Task<ProgramRun> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await FinishAsync(process);
    }

    /// <remarks>A shell script starts what it puts in the background with SIGINT ignored, and tests inherit that: <c>env</c> gives the program its own again.</remarks>
    public Process Start(params string[] arguments)
    {
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], Path.Combine(AppContext.BaseDirectory, "portrait.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = TemporaryFiles, ["PORTRAIT_MODELS"] = TestModels.Folder },
        };
        return Process.Start(start)!;
    }

    public static async Task<ProgramRun> FinishAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
