using System.Diagnostics;
using HunyuanPortrait.Conversion.Import;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.FullSize;

// Development tool: writes a checkpoint set of the official layout and sizes (8.3 GB) with the procedural weights of
// reference/README.md, so that import and `models check` can be shown at full size without the official files.
const string Usage = """
    write --manifest DIR --to DIR [--golden DIR] [--config DIR] [--vae-precision fp32|fp16]

      --manifest       reference/manifest
      --to             receives hyportrait/, vae/, unet/ and scheduler/
      --golden         reference/golden/full-size (default: beside the manifest)
      --config         reference/config (default: beside the manifest)
      --vae-precision  fp32 reproduces the recorded outputs (default); fp16 is what is published

    import --from DIR --to DIR [--precision fp32|fp16]

      Imports like `models import` and prints time and peak memory for each file.
    """;

var options = args.Skip(1).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
switch (args.FirstOrDefault())
{
    case "write" when options.TryGetValue("--manifest", out var manifest) && options.TryGetValue("--to", out var target):
        Write(manifest, target);
        return 0;
    case "import" when options.TryGetValue("--from", out var source) && options.TryGetValue("--to", out var target):
        Import(source, target);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

void Write(string manifest, string target)
{
    var reference = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(manifest)))!;
    var request = new OfficialLayoutRequest(
        manifest,
        options.GetValueOrDefault("--golden", Path.Combine(reference, "golden", "full-size")),
        options.GetValueOrDefault("--config", Path.Combine(reference, "config")),
        target,
        options.GetValueOrDefault("--vae-precision", "fp32") == "fp16");
    var watch = Stopwatch.StartNew();
    foreach (var (file, bytes) in OfficialLayout.Write(request))
        Console.WriteLine($"{watch.Elapsed.TotalSeconds,7:0.0} s  {bytes,14:N0}  {file}");
}

void Import(string source, string target)
{
    var precision = options.GetValueOrDefault("--precision", "fp32") == "fp16" ? WeightPrecision.Half : WeightPrecision.Single;
    var request = new ImportRequest(source, target) { Precision = precision, Kind = ModelKind.StandIn, Name = "procedural weights at full size" };
    var report = new ModelImporter(TimeProvider.System).Import(request);
    foreach (var file in report.Files)
        Console.WriteLine($"{file.Elapsed.TotalSeconds,7:0.0} s  peak {file.PeakMemoryBytes / 1e6,7:0} MB  {file.SourceBytes,14:N0} -> {file.WrittenBytes,14:N0}  {file.File}");
    Console.WriteLine($"{report.Elapsed.TotalSeconds,7:0.0} s in all");
}
