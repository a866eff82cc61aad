using System.Globalization;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Streams;
using Microsoft.Win32.SafeHandles;

// The same stream as './portrait draw --stream', with the same options.
Dictionary<string, string> options = new()
{
    ["--seed"] = "0",
    ["--split"] = "train",
    ["--size"] = "128",
    ["--grid"] = "8x8",
    ["--count"] = "1",
    ["--clips"] = "1",
    ["--fps"] = "25",
    ["--threads"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
};
for (var i = 0; i < args.Length; i += 2)
{
    if (args[i] == "--stream")
        i--;
    else if (options.ContainsKey(args[i]) && i + 1 < args.Length)
        options[args[i]] = args[i + 1];
    else
        return Refuse($"'{args[i]}' is not an option, or lacks its value; there are --stream {string.Join(' ', options.Keys)}");
}

try
{
    var cells = options["--grid"].Split('x').Select(Number).ToArray();
    var split = options["--split"] switch { "train" => IdentitySplit.Train, "heldout" => IdentitySplit.HeldOut, var other => throw new FormatException(other) };
    var plan = new SamplePlan(ulong.Parse(options["--seed"], CultureInfo.InvariantCulture), split, Number(options["--size"]))
    {
        Identities = cells[0],
        Motions = cells[1],
        FramesPerMotion = Number(options["--clips"]),
        FramesPerSecond = Number(options["--fps"]),
    };
    plan = plan with { Blocks = (Number(options["--count"]) + plan.SamplesPerBlock - 1L) / plan.SamplesPerBlock };
    // The console's own stream stays silent when its reader goes away, and the drawing would go on for nobody.
    await using Stream output = OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    await DrawnStreamWriter.WriteAsync(plan, output, Number(options["--threads"]));
    return 0;
}
catch (Exception failure) when (failure is FormatException or OverflowException or ArgumentException or IndexOutOfRangeException or IOException)
{
    return Refuse(failure.Message);
}

static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
    ? value
    : throw new FormatException($"'{text}' is not a positive whole number");

static int Refuse(string problem)
{
    Console.Error.WriteLine($"error: {problem}");
    return 2;
}
