using System.Diagnostics;

namespace HunyuanPortrait.Cluster.Tests.Hosts;

/// <summary>The program itself, as a process.</summary>
public sealed class SiloProgramTests
{
    [Theory]
    [InlineData(2, "error HP3201: ", "--Silo:SiloPort", "many")]
    [InlineData(1, "error HP6201: ", "--Silo:Roles", "Control", "--Silo:Directory", "unused", "--Silo:Clustering", "Redis", "--Silo:Redis", "127.0.0.1:1,connectTimeout=50,connectRetry=0")]
    public async Task Program_CannotStart_SaysWhyInOneLine(int exitCode, string message, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("portrait-silo-test-");
        try
        {
            string[] command = [Path.Combine(AppContext.BaseDirectory, "HunyuanPortrait.Silo.dll"), .. arguments];
            using var process = Process.Start(new ProcessStartInfo("dotnet", command)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(exitCode, process.ExitCode);
            Assert.StartsWith(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
