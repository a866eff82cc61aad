using System.Buffers;
using System.Runtime.InteropServices;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Components;

/// <summary>
/// The guided UNet with a model's networks (SPEC §7, §9.5). While both scales are equal the middle branch cancels, so the graph without it runs.
/// </summary>
/// <param name="networks">The model's networks.</param>
/// <param name="geometry">The model's sizes.</param>
/// <param name="microConditioning">The added ids.</param>
public sealed class WindowDenoiser(INetworkSet networks, ModelGeometry geometry, MicroConditioning microConditioning) : IWindowDenoiser
{
    private readonly FloatTensor addedIds = FloatTensor.Of(microConditioning.Fps, microConditioning.MotionBucket, microConditioning.NoiseAugmentation).Reshape(1, 3);

    /// <inheritdoc/>
    public int WindowLength => geometry.WindowLength;

    /// <inheritdoc/>
    public void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken)
    {
        var branches = input.Guidance.NeedsDropBranch ? 3 : 2;
        var network = networks[branches == 3 ? NetworkNames.UNetThreeBranch : NetworkNames.UNetTwoBranch];
        var predictions = ArrayPool<float>.Shared.Rent(branches * velocity.Length);
        try
        {
            var output = new FloatTensor(
                new TensorShape(branches, geometry.WindowLength, geometry.LatentChannels, geometry.LatentHeight, geometry.LatentWidth),
                predictions.AsMemory(0, branches * velocity.Length));
            network.Run(Inputs(conditioning, input, branches), new Dictionary<string, FloatTensor> { ["velocity"] = output }, cancellationToken);
            GuidanceCombiner.Combine(input.Guidance, output.Values, velocity);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(predictions);
        }
    }

    private Dictionary<string, FloatTensor> Inputs(PortraitConditioning conditioning, WindowInput input, int branches) => new()
    {
        ["sample"] = new FloatTensor(
            new TensorShape(geometry.WindowLength, geometry.LatentChannels, geometry.LatentHeight, geometry.LatentWidth),
            MemoryMarshal.AsMemory(input.ScaledLatents)),
        ["timestep"] = FloatTensor.Of(input.Timestep),
        ["added_time_ids"] = addedIds,
        ["image_tokens"] = conditioning.ImageTokens,
        ["motion_tokens"] = new FloatTensor(
            new TensorShape(geometry.WindowLength, geometry.MotionTokens, geometry.TokenWidth),
            MemoryMarshal.AsMemory(input.MotionTokens)),
        // Uncond comes first, drop and cond are equal: the first two entries serve the graph without drop.
        ["first_layer"] = new FloatTensor(
            new TensorShape(branches, geometry.FirstLayerChannels, geometry.LatentHeight, geometry.LatentWidth),
            conditioning.FirstLayer.Data[..(branches * geometry.FirstLayerChannels * geometry.LatentHeight * geometry.LatentWidth)]),
    };
}
