using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Components;

/// <summary>Driving frames → motion tokens with a model's networks (SPEC §5).</summary>
/// <param name="networks">The model's networks.</param>
/// <param name="geometry">The model's sizes.</param>
/// <param name="groupLength">Most frames that share intensity ids.</param>
public sealed class MotionEncoder(INetworkSet networks, ModelGeometry geometry, int groupLength) : IMotionEncoder
{
    /// <inheritdoc/>
    public int GroupLength => groupLength;

    /// <inheritdoc/>
    public int TokenCount => geometry.MotionTokens;

    /// <inheritdoc/>
    public int TokenWidth => geometry.TokenWidth;

    /// <inheritdoc/>
    public void Encode(FloatTensor faceCrops, FloatTensor headCrops, MotionIntensity intensity, Span<float> tokens, CancellationToken cancellationToken)
    {
        var frames = faceCrops.Shape[0];
        var features = networks[NetworkNames.Expression].RunFor(
            new Dictionary<string, FloatTensor> { ["image"] = faceCrops }, "output", frames, cancellationToken);
        var pose = networks[NetworkNames.HeadPose].RunFor(
            new Dictionary<string, FloatTensor> { ["image"] = headCrops }, ["rotation", "translation"], frames, cancellationToken);
        var refined = networks[NetworkNames.MotionRefiner].RunFor(
            new Dictionary<string, FloatTensor>
            {
                ["features"] = features,
                ["head_id"] = FloatTensor.Of(intensity.Head),
                ["exp_id"] = FloatTensor.Of(intensity.Expression),
            },
            "output", frames, cancellationToken);
        MotionTokens.Assemble(refined, pose["rotation"], pose["translation"], geometry.TranslationScale, tokens);
    }
}
