using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Simulation.Devices;

/// <summary>Sums and products of the crops.</summary>
internal sealed class SimulatedPortraitEncoder(ModelGeometry geometry, DeviceTime time) : IPortraitEncoder
{
    public PortraitConditioning Encode(PortraitCrops crops, CancellationToken cancellationToken)
    {
        time.Spend(time.Cost.Chunk, cancellationToken);
        var reference = crops.Reference.Values;
        var tokens = FloatTensor.Zeros(1, geometry.ImageTokens, geometry.TokenWidth);
        var latents = FloatTensor.Zeros(1, geometry.LatentChannels, geometry.LatentHeight, geometry.LatentWidth);
        var firstLayer = FloatTensor.Zeros(3, geometry.FirstLayerChannels, geometry.LatentHeight, geometry.LatentWidth);
        Spread(reference, 0.5f, tokens.Values);
        Spread(reference, 1.5f, latents.Values);
        Spread(reference, 0.25f, firstLayer.Values);
        return new PortraitConditioning(tokens, latents, firstLayer);
    }

    private static void Spread(ReadOnlySpan<float> source, float scale, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = source[i * 7 % source.Length] * scale;
    }
}

/// <summary>Tokens that depend on the frame, on its neighbours in the group and on the group's intensity.</summary>
internal sealed class SimulatedMotionEncoder(ModelGeometry geometry, int groupLength, DeviceTime time) : IMotionEncoder
{
    public int GroupLength => groupLength;

    public int TokenCount => geometry.MotionTokens;

    public int TokenWidth => geometry.TokenWidth;

    public void Encode(FloatTensor faceCrops, FloatTensor headCrops, MotionIntensity intensity, Span<float> tokens, CancellationToken cancellationToken)
    {
        time.Spend(time.Cost.MotionGroup, cancellationToken);
        var frames = faceCrops.Shape[0];
        var perFrame = TokenCount * TokenWidth;
        var values = faceCrops.Values.Length / frames;
        for (var frame = 0; frame < frames; frame++)
        {
            var face = faceCrops.Values.Slice(frame * values, values);
            var next = headCrops.Values.Slice((frame + 1) % frames * values, values);
            for (var i = 0; i < perFrame; i++)
                tokens[frame * perFrame + i] = face[i] - 0.5f * next[i * 3 % values] + 0.01f * intensity.Expression;
        }
    }
}

/// <summary>A velocity that depends on the frame, on its neighbours in the window, on motion, portrait, noise level and guidance.</summary>
internal sealed class SimulatedWindowDenoiser(ModelGeometry geometry, DeviceTime time) : IWindowDenoiser
{
    public int WindowLength => geometry.WindowLength;

    public void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken)
    {
        time.Cost.OnWindow?.Invoke(cancellationToken);
        time.Spend(time.Cost.Window, cancellationToken);
        var latents = input.ScaledLatents.Span;
        var tokens = input.MotionTokens.Span;
        var image = conditioning.ImageTokens.Values;
        var perFrame = latents.Length / WindowLength;
        var tokenValues = tokens.Length / WindowLength;
        for (var i = 0; i < latents.Length; i++)
        {
            var frame = i / perFrame;
            var neighbour = latents[(i + perFrame) % latents.Length];
            var motion = tokens[frame * tokenValues + i % tokenValues] * input.Guidance.Motion;
            velocity[i] = 0.6f * latents[i] - 0.3f * neighbour + 0.1f * motion + 0.05f * image[i % image.Length] * input.Timestep;
        }
    }
}

/// <summary>Pixels that depend on the frame and on its chunk.</summary>
internal sealed class SimulatedFrameDecoder(ModelGeometry geometry, DeviceTime time) : IFrameDecoder
{
    public void Decode(ReadOnlyMemory<float> latents, int frameCount, Span<float> pixels, CancellationToken cancellationToken)
    {
        time.Spend(time.Cost.Chunk, cancellationToken);
        var values = geometry.LatentValues;
        var perFrame = pixels.Length / frameCount;
        for (var i = 0; i < pixels.Length; i++)
        {
            var frame = i / perFrame;
            pixels[i] = MathF.Tanh(latents.Span[frame * values + i % values] + 0.1f * latents.Span[(frame + 1) % frameCount * values]);
        }
    }
}
