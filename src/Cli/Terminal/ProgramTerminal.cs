using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>Where the program writes: results and JSON to standard output, everything else to standard error.</summary>
internal sealed class ProgramTerminal(TextWriter output, TextWriter error, TimeProvider clock)
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    public TimeProvider Clock { get; } = clock;

    /// <summary>True when standard error is a terminal that can redraw lines.</summary>
    public bool IsInteractive { get; } = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>One JSON document on standard output.</summary>
    public void WriteJson<T>(T value) => Output.WriteLine(ToJson(value));

    /// <summary>The form of all JSON that the program writes.</summary>
    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, JsonFormat);

    /// <summary>A progress display that fits the terminal; silent beside JSON.</summary>
    public IProgressDisplay Progress(bool silent)
    {
        if (silent)
            return new SilentProgressDisplay();
        return IsInteractive
            ? new LiveProgressDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) }), Clock)
            : new PlainProgressDisplay(Error, Clock);
    }
}
