using System.Globalization;
using HunyuanPortrait.Conversion.Networks.Vae;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>The VAE: encoder, and the temporal decoder in chunks of every recorded length (SPEC §8).</summary>
internal sealed class VaeCase : ICaseRunner
{
    private const string ChunkMark = "decoded_chunk";

    public string Kind => "vae";

    public bool Accepts(CaseDirectory directory) => directory.Has("latent_channels") && directory.Has("block_out_channels");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<VaeConfiguration>();
        using var weights = directory.OpenWeights();
        var image = directory.Read("image");
        var (height, width) = (image.Shape[2], image.Shape[3]);
        var (latentHeight, latentWidth) = (height / configuration.Downscale, width / configuration.Downscale);
        CaseNetwork.RequireFit(weights,
            dialect => VaeEncoderGraph.Build(dialect, configuration, height, width),
            dialect => VaeDecoderGraph.Build(dialect, configuration, latentHeight, latentWidth));

        string[] encoderTaps = ["latent_logvar", "mid/encoder_mid_attention", "mid/encoder_raw"];
        using (var encoder = CaseNetwork.Load(directory.Name, weights, options, dialect => VaeEncoderGraph.Build(dialect, configuration, height, width), encoderTaps))
        {
            var outputs = encoder.Run(new() { ["image"] = image });
            foreach (var name in encoderTaps.Prepend("latent_mode").Where(directory.Recorded.Tensors.ContainsKey))
                yield return Comparison.Of(name, outputs[name], directory.Read(name), Tolerance.Module);
        }

        string[] decoderTaps = ["mid/decoder_mid_block", "mid/decoder_up_blocks.0", "mid/decoder_conv_out"];
        using var decoder = CaseNetwork.Load(directory.Name, weights, options, dialect => VaeDecoderGraph.Build(dialect, configuration, latentHeight, latentWidth), decoderTaps);
        var latents = Unscaled(directory.Read("decode_latents"), configuration.ScalingFactor);
        foreach (var name in directory.Recorded.Tensors.Keys.Where(name => name.StartsWith(ChunkMark, StringComparison.Ordinal)))
        {
            var chunk = int.Parse(name[ChunkMark.Length..], CultureInfo.InvariantCulture);
            foreach (var comparison in Decode(directory, decoder, latents, (name, chunk)))
                yield return comparison;
        }
    }

    private static IEnumerable<Comparison> Decode(CaseDirectory directory, CaseNetwork decoder, FloatTensor latents, (string Name, int Chunk) run)
    {
        var recorded = directory.Read(run.Name);
        var actual = FloatTensor.Zeros([.. recorded.Shape.Dimensions]);
        IReadOnlyDictionary<string, FloatTensor> last = new Dictionary<string, FloatTensor>();
        foreach (var frames in FrameRange.Cut(latents.Shape[0], run.Chunk))
        {
            var valuesPerFrame = latents.Values.Length / latents.Shape[0];
            var chunk = new FloatTensor(
                new TensorShape(frames.Length, latents.Shape[1], latents.Shape[2], latents.Shape[3]),
                latents.Data.Slice(frames.Start * valuesPerFrame, frames.Length * valuesPerFrame));
            last = decoder.Run(new() { ["latents"] = chunk }, frames.Length);
            Transposed(last["frames"], actual, frames.Start);
        }

        yield return Comparison.Of(run.Name, actual, recorded, Tolerance.Module);
        foreach (var (tap, value) in last.Where(_ => run.Chunk == 4))
        {
            if (directory.Recorded.Tensors.ContainsKey($"{tap}_last_chunk"))
                yield return Comparison.Of($"{tap}_last_chunk", value, directory.Read($"{tap}_last_chunk"), Tolerance.Module);
        }
    }

    /// <summary>Frames <c>[n, 3, H, W]</c> → their place in <c>[1, 3, F, H, W]</c>, the recordings' layout.</summary>
    internal static void Transposed(FloatTensor frames, FloatTensor clip, int start)
    {
        var pixels = frames.Shape[2] * frames.Shape[3];
        for (var frame = 0; frame < frames.Shape[0]; frame++)
        {
            for (var channel = 0; channel < frames.Shape[1]; channel++)
            {
                frames.Values.Slice((frame * frames.Shape[1] + channel) * pixels, pixels)
                    .CopyTo(clip.Values.Slice((channel * clip.Shape[2] + start + frame) * pixels, pixels));
            }
        }
    }

    private static FloatTensor Unscaled(FloatTensor latents, float scalingFactor)
    {
        var result = FloatTensor.Zeros([.. latents.Shape.Dimensions[1..]]);
        System.Numerics.Tensors.TensorPrimitives.Multiply(latents.Values, 1f / scalingFactor, result.Values);
        return result;
    }
}
