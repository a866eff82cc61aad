using System.CommandLine;
using HunyuanPortrait.Benchmarks;
using HunyuanPortrait.Benchmarks.Scaling;

var pairs = new Option<int>("--pairs") { Description = "Timed pairs of every comparison.", DefaultValueFactory = _ => 10 };
var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
var python = new Option<string>("--python") { Description = "Python with PyTorch 1.13 or newer and numpy.", DefaultValueFactory = _ => "python3" };
var frames = new Option<int>("--frames") { Description = "Frames of the clip.", DefaultValueFactory = _ => 44 };

var unet = new Command("unet", "One UNet forward: ours against PyTorch, and the portable dialect against the naive one.") { pairs, json, python };
unet.SetAction(parse => Show(UNetBenchmark.Run(parse.GetValue(python)!, parse.GetValue(pairs)), parse.GetValue(json)));
var clip = new Command("clip", "One whole clip, every window of every step and the decoder: ours against PyTorch.") { pairs, json, python, frames };
clip.SetAction(parse => Show(ClipBenchmark.Run(parse.GetValue(python)!, parse.GetValue(pairs), parse.GetValue(frames)), parse.GetValue(json)));

var length = new Option<int>("--frames") { Description = "Driving frames of the clip.", DefaultValueFactory = _ => 9_000 };
var silos = new Option<int[]>("--silos") { Description = "Numbers of GPU silos.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [2, 4, 8, 16, 32] };
var stores = new Option<string[]>("--stores") { Description = "memory, directory or both.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["memory", "directory"] };
var window = new Option<int>("--window-ms") { Description = "Simulated time of a window-step, in milliseconds.", DefaultValueFactory = _ => 300 };
var folder = new Option<string>("--folder") { Description = "Where the directory store is made.", DefaultValueFactory = _ => Path.GetTempPath() };
var memory = new Option<bool>("--memory") { Description = "Measures the memory of the grains too.", DefaultValueFactory = _ => true };
var scaling = new Command("scaling", "How denoising gets faster with GPU silos on the simulated device, and what the cluster costs.")
{
    length, silos, stores, window, folder, memory, json,
};
scaling.SetAction(async (parse, _) =>
{
    var report = await ScalingBenchmark.RunAsync(new ScalingSettings(
        parse.GetValue(length), parse.GetValue(silos)!, parse.GetValue(stores)!, TimeSpan.FromMilliseconds(parse.GetValue(window)),
        parse.GetValue(folder)!, parse.GetValue(memory))).ConfigureAwait(false);
    Console.WriteLine(parse.GetValue(json) ? report.ToJson() : report.ToText());
});
return await new RootCommand("Measures HunyuanPortrait: networks against PyTorch, side by side in one run, and the cluster.") { unet, clip, scaling }
    .Parse(args).InvokeAsync().ConfigureAwait(false);

static int Show(Report report, bool asJson)
{
    Console.WriteLine(asJson ? report.ToJson() : report.ToText());
    return 0;
}
