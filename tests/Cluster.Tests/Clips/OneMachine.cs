using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Rendering;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>What one machine without any cluster makes of a clip.</summary>
/// <param name="Latents">Of all padded frames after the last step.</param>
/// <param name="Pictures">Decoded from them.</param>
/// <param name="Hashes">Of the video that it wrote.</param>
internal sealed record OneMachine(float[] Latents, IReadOnlyList<byte[]> Pictures, string Hashes)
{
    public static async Task<OneMachine> RenderAsync(RenderRequest request, PortraitModel model, CancellationToken cancellationToken)
    {
        var final = new NewestLatents();
        var report = await new Renderer(TimeProvider.System) { Observer = final }.RenderAsync(request, cancellationToken: cancellationToken);
        var sampling = report.Settings.Sampling;
        var padding = new PaddingPlan((int)report.Output.Frames, sampling.PaddingFrames);
        var decoder = new ChunkDecoder(model.FrameDecoder, final.Latents!, model.Manifest.Geometry, sampling.DecodeChunkLength);
        var pictures = DecodePlan.Chunks(padding, sampling.DecodeChunkLength)
            .SelectMany(chunk => decoder.Decode(chunk, cancellationToken)).Select(picture => picture.Pixels.ToArray()).ToArray();
        return new OneMachine(
            final.Latents!.Values.ToArray(), pictures, await DrawnClip.HashesAsync(request.OutputPath, cancellationToken));
    }

    /// <summary>Keeps the latents of the last step.</summary>
    private sealed class NewestLatents : IDenoisingObserver
    {
        public MemoryFrameStore? Latents { get; private set; }

        public void Started(IFrameStore latents)
        {
        }

        public void WindowCompleted(int stepIndex, int windowIndex, WindowBuffers buffers)
        {
        }

        public void StepCompleted(int stepIndex, IFrameStore latents)
        {
            Latents ??= new MemoryFrameStore(latents.FrameCount, latents.ValuesPerFrame);
            for (var frame = 0; frame < latents.FrameCount; frame++)
                latents.Read(frame, Latents.Values.Slice(frame * latents.ValuesPerFrame, latents.ValuesPerFrame));
        }
    }
}
