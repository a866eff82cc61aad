using System.Numerics.Tensors;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Encoding;

/// <summary>Puts motion tokens together (SPEC §5.4).</summary>
public static class MotionTokens
{
    /// <summary>Numbers that follow the refined expression in every token: three angles and a translation.</summary>
    public const int PoseWidth = 6;

    private const int Axes = 3;

    /// <summary>Every token of a frame is its refined expression, the frame's rotation and its scaled translation.</summary>
    /// <param name="refined">From the motion refiner, <c>[T, tokens, width − 6]</c>.</param>
    /// <param name="rotation">From the head-pose network, degrees, <c>[T, 3]</c>.</param>
    /// <param name="translation">From the head-pose network, in its own units, <c>[T, 3]</c>.</param>
    /// <param name="translationScale">The translation is multiplied by it; 0 in the reference.</param>
    /// <param name="tokens">Receives <c>[T, tokens, width]</c>.</param>
    /// <exception cref="ArgumentException">The shapes do not belong together.</exception>
    public static void Assemble(FloatTensor refined, FloatTensor rotation, FloatTensor translation, float translationScale, Span<float> tokens)
    {
        if (refined.Shape.Rank != 3)
            throw new ArgumentException($"Expected refined [T, tokens, width], got {refined.Shape}.", nameof(refined));
        RequirePose(rotation, refined.Shape[0], nameof(rotation));
        RequirePose(translation, refined.Shape[0], nameof(translation));
        var (frames, count, refinedWidth) = (refined.Shape[0], refined.Shape[1], refined.Shape[2]);
        var width = refinedWidth + PoseWidth;
        Elementwise.RequireLength(frames * count * width, tokens.Length);
        for (var token = 0; token < frames * count; token++)
        {
            var target = tokens.Slice(token * width, width);
            var frame = token / count * Axes;
            refined.Values.Slice(token * refinedWidth, refinedWidth).CopyTo(target);
            rotation.Values.Slice(frame, Axes).CopyTo(target[refinedWidth..]);
            Scale(translation.Values.Slice(frame, Axes), translationScale, target[(refinedWidth + Axes)..]);
        }
    }

    private static void Scale(ReadOnlySpan<float> translation, float scale, Span<float> target)
    {
        if (scale == 0)
            target.Clear(); // and not −0 where the translation is negative
        else
            TensorPrimitives.Multiply(translation, scale, target);
    }

    private static void RequirePose(FloatTensor pose, int frames, string name)
    {
        if (pose.Shape != new TensorShape(frames, Axes))
            throw new ArgumentException($"Expected {name} [{frames}, {Axes}], got {pose.Shape}.", name);
    }
}
