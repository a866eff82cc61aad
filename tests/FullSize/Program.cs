using System.Diagnostics;
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
    """;

var options = args.Skip(1).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
if (args.Length % 2 != 1 || args[0] != "write" || !options.TryGetValue("--manifest", out var manifest) || !options.TryGetValue("--to", out var target))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var reference = Path.GetDirectoryName(Path.GetFullPath(manifest).TrimEnd('/'))!;
var request = new OfficialLayoutRequest(
    manifest,
    options.GetValueOrDefault("--golden", Path.Combine(reference, "golden", "full-size")),
    options.GetValueOrDefault("--config", Path.Combine(reference, "config")),
    target,
    options.GetValueOrDefault("--vae-precision", "fp32") == "fp16");
var watch = Stopwatch.StartNew();
foreach (var (file, bytes) in OfficialLayout.Write(request))
    Console.WriteLine($"{watch.Elapsed.TotalSeconds,7:0.0} s  {bytes,14:N0}  {file}");
return 0;
