using System.CommandLine;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Drawing.Streams;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait draw</c>: drawn portraits for the eye, as a clip, or as a stream for training (docs/drawn-portraits.md).</summary>
internal sealed class DrawCommand
{
    private static readonly Dictionary<string, IdentitySplit> Splits = new()
    {
        ["train"] = IdentitySplit.Train,
        ["heldout"] = IdentitySplit.HeldOut,
    };

    private readonly Option<string> sheet = Text("--sheet", "FILE", "write a contact sheet (PNG): persons × motions");
    private readonly Option<bool> stream = new("--stream") { Description = "write samples to standard output" };
    private readonly Option<string> identity = Text("--identity", "N", "write a clip of the person with this number");
    private readonly Option<string> output = Text("--out", "FILE|DIR", "of the clip: a video (.mp4, .mov, .mkv), or a folder for PNG pictures");
    private readonly Option<string> motionSeed = Text("--motion-seed", "S", "performance of the clip (default: 0)");
    private readonly Option<string> frames = Text("--frames", "F", "length of the clip (default: 100)");
    private readonly Option<string> fps = Text("--fps", "N", "frames per second of clips (default: 25)");
    private readonly Option<string> start = Text("--start", "SECONDS", "where in the performance the clip begins (default: 0)");
    private readonly Option<string> faces = Text("--faces", "FILE", "also write where the face is in every frame, for 'render --driving-faces'");
    private readonly Option<bool> force = new("--force") { Description = "replace an existing output" };
    private readonly Option<string> seed = Text("--seed", "S", "of sheet and stream (default: 0)");
    private readonly Option<string> split = Text("--split", "train|heldout", "persons of sheet and stream (default: train)");
    private readonly Option<string> size = Text("--size", "P", "side of a picture (default: 256; stream: 128)");
    private readonly Option<string> grid = Text("--grid", "IxM", "persons × motions of the sheet, or of a block of the stream (default: 8x8)");
    private readonly Option<string> count = Text("--count", "N", "samples of the stream, rounded up to whole blocks (default: one block)");
    private readonly Option<string> clips = Text("--clips", "F", "frames of every motion of the stream but the first (default: 1, stills)");
    private readonly Option<string> threads = Text("--threads", "N", "that draw the stream (default: one per core)");
    private readonly ProgramTerminal terminal;

    private DrawCommand(ProgramTerminal terminal) => this.terminal = terminal;

    public static Command Create(ProgramTerminal terminal)
    {
        var verb = new DrawCommand(terminal);
        var command = new Command("draw", "Draws portraits whose pose and expression are known.")
        {
            verb.sheet, verb.identity, verb.stream, verb.output, verb.motionSeed, verb.frames, verb.fps, verb.start, verb.faces, verb.force, verb.seed, verb.split, verb.size,
            verb.grid, verb.count, verb.clips, verb.threads,
        };
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var side = Integer(parsed, size, parsed.GetValue(stream) ? 128 : 256, PortraitPainter.LeastSize, PortraitPainter.MostSize);
        var run = new DrawRun(terminal, side, parsed.GetValue(force));
        switch (parsed.GetValue(sheet), parsed.GetValue(identity), parsed.GetValue(stream))
        {
            case ({ } path, null, false):
                run.WriteSheet(path, Plan(parsed, side));
                return 0;
            case (null, { } number, false):
                var clip = new DrawnClip(
                    OptionValues.IdentityNumber(identity.Name, number), Seed(parsed, motionSeed),
                    Integer(parsed, frames, 100, 1, 1_000_000), Integer(parsed, fps, 25, 1, 240))
                {
                    Start = parsed.GetValue(start) is { } begin ? OptionValues.Time(start.Name, begin) : TimeSpan.Zero,
                    FacesPath = parsed.GetValue(faces),
                };
                await run.WriteClipAsync(parsed.GetValue(output) ?? throw CliErrors.Usage("--identity needs --out.", "draw "), clip,
                    cancellationToken).ConfigureAwait(false);
                return 0;
            case (null, null, true):
                await DrawRun.StreamAsync(Plan(parsed, side), Integer(parsed, threads, Environment.ProcessorCount, 1, 1024),
                    cancellationToken).ConfigureAwait(false);
                return 0;
            default:
                throw CliErrors.Usage("give one of --sheet, --identity and --stream.", "draw ");
        }
    }

    private SamplePlan Plan(ParseResult parsed, int side)
    {
        var cells = OptionValues.Grid(grid.Name, parsed.GetValue(grid) ?? "8x8");
        var plan = new SamplePlan(Seed(parsed, seed), OptionValues.Choice(split.Name, parsed.GetValue(split) ?? "train", Splits), side)
        {
            Identities = cells.Rows,
            Motions = cells.Columns,
            FramesPerMotion = Integer(parsed, clips, 1, 1, 10_000),
            FramesPerSecond = Integer(parsed, fps, 25, 1, 240),
        };
        var samples = Integer(parsed, count, 1, 1, int.MaxValue);
        return plan with { Blocks = (samples + plan.SamplesPerBlock - 1L) / plan.SamplesPerBlock };
    }

    private static ulong Seed(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } text ? OptionValues.Seed(option.Name, text) : 0;

    private static int Integer(ParseResult parsed, Option<string> option, int otherwise, int least, int most) =>
        parsed.GetValue(option) is { } text ? OptionValues.Integer(option.Name, text, least, most) : otherwise;

    private static Option<string> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };
}
