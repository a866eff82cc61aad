using HunyuanPortrait.Conversion.Networks.Portrait;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>The image encoder, with several identity vectors and the internals of its blocks (SPEC §4).</summary>
internal sealed class ImageEncoderCase : ICaseRunner
{
    public string Kind => "image-encoder";

    public bool Accepts(CaseDirectory directory) => directory.Has("embed_dim") && directory.Has("patch_size");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<ImageEncoderConfiguration>();
        var image = directory.Read("image");
        var taps = directory.Recorded.Tensors.Keys.Where(name => !name.StartsWith("output", StringComparison.Ordinal)).ToList();
        using var network = CaseNetwork.Open(directory, options, dialect => ImageEncoderGraph.Build(dialect, configuration, image.Shape[2]), taps);
        foreach (var identity in directory.Recorded.Tensors.Keys.Where(name => name.StartsWith("id_features", StringComparison.Ordinal)))
        {
            var outputs = network.Run(new() { ["image"] = image, ["id_features"] = directory.Read(identity) });
            var name = OutputFor(identity);
            yield return Comparison.Of(name, outputs["output"], directory.Read(name), Tolerance.Module);
            if (identity != "id_features")
                continue;
            foreach (var tap in taps.Where(tap => !IsInput(tap)))
            {
                yield return outputs.TryGetValue(tap, out var value)
                    ? Comparison.Of(tap, value, directory.Read(tap), Tolerance.Module)
                    : Comparison.Failed(tap, directory.Read(tap).Shape.ToString(), Tolerance.Module, "the network has no such intermediate value");
            }
        }
    }

    private static bool IsInput(string name) => name == "image" || name.StartsWith("id_features", StringComparison.Ordinal);

    /// <summary><c>id_features_zero</c> → <c>output_zero_id</c>, <c>id_features_b</c> → <c>output_b</c>.</summary>
    private static string OutputFor(string identity) => identity switch
    {
        "id_features" => "output",
        "id_features_zero" => "output_zero_id",
        _ => identity.Replace("id_features", "output", StringComparison.Ordinal),
    };
}

/// <summary>The image projection (SPEC §4).</summary>
internal sealed class ImageProjectionCase : ICaseRunner
{
    public string Kind => "image-projection";

    public bool Accepts(CaseDirectory directory) => directory.Has("in_features") && directory.Has("out_features");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<ImageProjectionConfiguration>();
        var input = directory.Read("input");
        using var network = CaseNetwork.Open(directory, options, dialect => ImageProjectionGraph.Build(dialect, configuration, input.Shape[2]));
        yield return Comparison.Of("output", network.Run(new() { ["input"] = input })["output"], directory.Read("output"), Tolerance.Module);
    }
}

/// <summary>The pose guider on an arbitrary and on the black picture (SPEC §6).</summary>
internal sealed class PoseGuiderCase : ICaseRunner
{
    public string Kind => "pose-guider";

    public bool Accepts(CaseDirectory directory) => directory.Has("conditioning_embedding_channels");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<PoseGuiderConfiguration>();
        foreach (var name in directory.Recorded.Tensors.Keys.Where(name => name.StartsWith("input", StringComparison.Ordinal)))
        {
            var clip = directory.Read(name);
            var (frames, height, width) = (clip.Shape[2], clip.Shape[3], clip.Shape[4]);
            using var network = CaseNetwork.Open(directory, options, dialect => PoseGuiderGraph.Build(dialect, configuration, frames, height, width));
            var features = network.Run(new() { ["image"] = FramesOf(clip) })["output"];
            var output = name.Replace("input", "output", StringComparison.Ordinal);
            var recorded = directory.Read(output);
            var actual = FloatTensor.Zeros([.. recorded.Shape.Dimensions]);
            VaeCase.Transposed(features, actual, 0);
            yield return Comparison.Of(output, actual, recorded, Tolerance.Module);
        }
    }

    /// <summary><c>[1, 3, F, H, W]</c> → <c>[F, 3, H, W]</c>.</summary>
    private static FloatTensor FramesOf(FloatTensor clip)
    {
        var (channels, frames, pixels) = (clip.Shape[1], clip.Shape[2], clip.Shape[3] * clip.Shape[4]);
        var result = FloatTensor.Zeros(frames, channels, clip.Shape[3], clip.Shape[4]);
        for (var frame = 0; frame < frames; frame++)
        {
            for (var channel = 0; channel < channels; channel++)
                clip.Values.Slice((channel * frames + frame) * pixels, pixels).CopyTo(result.Values[((frame * channels + channel) * pixels)..]);
        }

        return result;
    }
}
