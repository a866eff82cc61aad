using System.CommandLine;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Cli.Commands;

/// <summary>The program: parses, runs one verb, turns whatever happens into an exit code.</summary>
/// <remarks>0 done · 1 refused or failed · 2 usage · 128 + signal when interrupted.</remarks>
internal static class PortraitProgram
{
    private const int Failed = 1;
    private const int Misused = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var terminal = new ProgramTerminal(Console.Out, Console.Error, TimeProvider.System);
        var root = Verbs(terminal);
        var parsed = root.Parse(args);
        var wantsJson = args.Contains("--json");
        var keepsWork = args.Any(argument => argument == "--store" || argument.StartsWith("--store=", StringComparison.Ordinal));
        if (parsed.Errors.Count > 0)
            return Refuse(terminal, UsageProblem.Of(parsed), wantsJson);
        using var interruption = new Interruption();
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync(keepsWork ? "stopped; the same command goes on from here" : "stopped; nothing was left behind").ConfigureAwait(false);
            return interruption.ExitCode;
        }
        catch (RenderException refusal)
        {
            return Refuse(terminal, refusal, wantsJson);
        }
        catch (Exception failure) when (Environment.GetEnvironmentVariable("PORTRAIT_DEBUG") is not "1")
        {
            return Refuse(terminal, CliErrors.Unexpected(failure), wantsJson);
        }
    }

    private static RootCommand Verbs(ProgramTerminal terminal) => new("Animates a portrait with the performance of a driving video.")
    {
        RenderCommand.Create(terminal),
        DemoCommand.Create(terminal),
        DrawCommand.Create(terminal),
        EvaluateCommand.Create(terminal),
        ModelsCommand.Create(terminal),
        ClusterCommand.Create(terminal),
    };

    private static int Refuse(ProgramTerminal terminal, RenderException refusal, bool wantsJson)
    {
        terminal.Error.WriteLine($"error {refusal.Code}: {OneLine(refusal.Message)}");
        if (wantsJson)
            terminal.WriteJson(new { error = new { code = refusal.Code, message = refusal.Message } });
        return refusal.Code.StartsWith("HP3", StringComparison.Ordinal) ? Misused : Failed;
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
