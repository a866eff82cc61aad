using System.CommandLine;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cli.Options;

/// <summary>What <c>render</c> and <c>demo</c> have in common. Options left out take the model's defaults.</summary>
internal sealed class RenderOptions
{
    private static readonly Dictionary<string, MissingFacePolicy> Policies = new()
    {
        ["hold"] = MissingFacePolicy.Hold,
        ["fail"] = MissingFacePolicy.Fail,
        ["drop"] = MissingFacePolicy.Drop,
    };

    private readonly Option<string> seed = Text("--seed", "N", "seed of the noise; the same seed gives the same frames");
    private readonly Option<string> steps = Text("--steps", "N", "Euler steps");
    private readonly Option<string> strength = Text("--strength", "0…1", "fraction of the noise schedule that is run");
    private readonly Option<string> appearance = Text("--appearance-guidance", "G|G1:G2", "how strongly the portrait guides; first:last is a ramp over the steps");
    private readonly Option<string> motion = Text("--motion-guidance", "G|G1:G2", "how strongly the performance guides; first:last is a ramp over the steps");
    private readonly Option<string> window = Text("--window", "L[,O[,S]]", "frames per window (the model's), overlap of neighbours, shift per step");
    private readonly Option<string> pad = Text("--pad", "N", "faded frames on each side of the clip");
    private readonly Option<bool> pasteBack = new("--paste-back") { Description = "write the whole portrait picture with the animated face in it" };
    private readonly Option<string> outputSize = Text("--output-size", "N", "width of the output, to which the model's pictures are scaled (default: the model's)");
    private readonly Option<string> start = Text("--start", "TIME", "where in the driving video to begin: seconds or [h:]m:s");
    private readonly Option<string> duration = Text("--duration", "TIME", "how much of the driving video to use");
    private readonly Option<string> noFace = Text("--no-face", "hold|fail|drop", "what a driving frame without a face does: hold the last face (default), end the render, leave the frame out");
    private readonly Option<string> faceBox = Text("--face-box", "x,y,w,h", "the face in the portrait, in pixels, where none is detected (a drawing)");
    private readonly Option<bool> assumeCentred = new("--assume-centred") { Description = "the portrait's face fills the middle of the picture; do not look for it" };
    private readonly Option<string> drivingFaceBox = Text("--driving-face-box", "x,y,w,h", "the face in every driving frame, in pixels, where none is detected");
    private readonly Option<bool> drivingAssumeCentred = new("--driving-assume-centred") { Description = "the face fills the middle of every driving frame; do not look for it" };
    private readonly Option<string> faces = Text("--faces", "FILE", "where the portrait's face is, as 'draw --faces' writes it");
    private readonly Option<string> drivingFaces = Text("--driving-faces", "FILE", "where the face is in every driving frame, as 'draw --faces' writes it");
    private readonly Option<string> provider = Text("--provider", "NAME", "where the networks run: cpu (default), cuda, tensorrt");
    private readonly Option<string> threads = Text("--threads", "N", "threads of a network (default: one for every core)");
    private readonly Option<string> workDirectory = Text("--work-dir", "DIR", "folder for temporary files, about 0.4 MB a frame at the official size (default: the system's)");
    private readonly Option<string> store = Text("--store", "DIR", "keep the work in this folder: the same command goes on where it was, other renders reuse what they share");
    private readonly Option<bool> force = new("--force", "-y") { Description = "replace the output file if it exists" };

    /// <summary>Directory or name of the model.</summary>
    public Option<string> Model { get; } = Text("--model", "DIR|NAME", "model directory, or a name that 'models list' shows");

    /// <summary>Where named models are.</summary>
    public Option<string> Models { get; } = ModelLocations.FolderOption();

    /// <summary>Report on standard output, nothing else there.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "write one JSON report to standard output" };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            Model, Models, seed, steps, strength, appearance, motion, window, pad, pasteBack, outputSize, start, duration,
            noFace, faceBox, assumeCentred, faces, drivingFaceBox, drivingAssumeCentred, drivingFaces, provider, threads, workDirectory, store, force, Json,
        ];
        foreach (var option in all)
            command.Add(option);
    }

    /// <summary>The request with everything that was given on the command line.</summary>
    public RenderRequest Apply(ParseResult parsed, RenderRequest request)
    {
        return request with
        {
            Sampling = Sampling(parsed),
            Faces = new FaceOptions
            {
                Portrait = Selection(parsed, (faceBox, assumeCentred, faces), request.Faces.Portrait),
                Driving = Selection(parsed, (drivingFaceBox, drivingAssumeCentred, drivingFaces), request.Faces.Driving),
                Missing = parsed.GetValue(noFace) is { } policy ? OptionValues.Choice(noFace.Name, policy, Policies) : request.Faces.Missing,
            },
            Clip = new VideoRange(ReadOrNull(parsed, start, OptionValues.Time) ?? TimeSpan.Zero, ReadOrNull(parsed, duration, OptionValues.Time)),
            Device = new DeviceOptions
            {
                Provider = parsed.GetValue(provider) ?? request.Device.Provider,
                IntraOpThreads = ReadOrNull(parsed, threads, static (name, text) => OptionValues.Integer(name, text, 1, 1024)) ?? request.Device.IntraOpThreads,
            },
            PasteBack = parsed.GetValue(pasteBack),
            OutputSize = OutputSize(parsed, request.OutputSize),
            Overwrite = request.Overwrite || parsed.GetValue(force),
            WorkDirectory = parsed.GetValue(workDirectory),
            StoreDirectory = parsed.GetValue(store),
        };
    }

    private int? OutputSize(ParseResult parsed, int? otherwise)
    {
        var wanted = ReadOrNull(parsed, outputSize, static (name, text) => OptionValues.Integer(name, text, OutputSettings.LeastWidth, OutputSettings.LargestWidth));
        if (!parsed.GetValue(pasteBack))
            return wanted ?? otherwise;
        return wanted is null ? null : throw CliErrors.Conflict(outputSize.Name, pasteBack.Name);
    }

    private SamplingOverrides Sampling(ParseResult parsed)
    {
        var windows = ReadOrNull(parsed, window, OptionValues.Window);
        return new SamplingOverrides
        {
            Seed = ReadOrNull(parsed, seed, OptionValues.Seed),
            Steps = ReadOrNull(parsed, steps, static (name, text) => OptionValues.Integer(name, text, 1, 1000)),
            Strength = ReadOrNull(parsed, strength, OptionValues.Fraction),
            AppearanceGuidance = parsed.GetValue(appearance) is { } first ? OptionValues.Ramp(appearance.Name, first) : null,
            MotionGuidance = parsed.GetValue(motion) is { } second ? OptionValues.Ramp(motion.Name, second) : null,
            WindowLength = windows?.Length,
            WindowOverlap = windows?.Overlap,
            WindowShift = windows?.Shift,
            PaddingFrames = ReadOrNull(parsed, pad, static (name, text) => OptionValues.Integer(name, text, 0, 1000)),
        };
    }

    private static T? ReadOrNull<T>(ParseResult parsed, Option<string> option, Func<string, string, T> parse)
        where T : struct =>
        parsed.GetValue(option) is { } text ? parse(option.Name, text) : null;

    private static FaceSelection Selection(
        ParseResult parsed, (Option<string> Box, Option<bool> Centred, Option<string> Track) options, FaceSelection otherwise)
    {
        var place = ReadOrNull(parsed, options.Box, OptionValues.FaceBox);
        var track = parsed.GetValue(options.Track);
        (bool IsGiven, string Name, Func<FaceSelection> Make)[] ways =
        [
            (place is not null, options.Box.Name, () => FaceSelection.InBox(place!.Value)),
            (parsed.GetValue(options.Centred), options.Centred.Name, () => FaceSelection.AssumedCentred),
            (track is not null, options.Track.Name, () => FaceSelection.Tracked(FaceTrack.Read(track!))),
        ];
        return ways.Where(way => way.IsGiven).ToArray() switch
        {
            [] => otherwise,
            [var way] => way.Make(),
            [var first, var second, ..] => throw CliErrors.Conflict(first.Name, second.Name),
        };
    }

    private static Option<string> Text(string name, string form, string description) => new(name) { HelpName = form, Description = description };
}
