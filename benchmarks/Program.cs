using System.CommandLine;
using HunyuanPortrait.Benchmarks;

var pairs = new Option<int>("--pairs") { Description = "Timed pairs of every comparison.", DefaultValueFactory = _ => 10 };
var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
var python = new Option<string>("--python") { Description = "Python with PyTorch 1.13 or newer and numpy.", DefaultValueFactory = _ => "python3" };
var frames = new Option<int>("--frames") { Description = "Frames of the clip.", DefaultValueFactory = _ => 44 };

var unet = new Command("unet", "One UNet forward: ours against PyTorch, and the portable dialect against the naive one.") { pairs, json, python };
unet.SetAction(parse => Show(UNetBenchmark.Run(parse.GetValue(python)!, parse.GetValue(pairs)), parse.GetValue(json)));
var clip = new Command("clip", "One whole clip, every window of every step and the decoder: ours against PyTorch.") { pairs, json, python, frames };
clip.SetAction(parse => Show(ClipBenchmark.Run(parse.GetValue(python)!, parse.GetValue(pairs), parse.GetValue(frames)), parse.GetValue(json)));
return new RootCommand("Measures HunyuanPortrait against PyTorch, side by side in one run.") { unet, clip }.Parse(args).Invoke();

static int Show(Report report, bool asJson)
{
    Console.WriteLine(asJson ? report.ToJson() : report.ToText());
    return 0;
}
