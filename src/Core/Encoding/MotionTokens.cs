using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Encoding;

/// <summary>Puts motion tokens together (SPEC §5.4).</summary>
public static class MotionTokens
{
    /// <summary>Numbers that follow the refined expression in every token: three angles and a translation that the reference sets to zero.</summary>
    public const int PoseWidth = 6;

    private const int Angles = 3;

    /// <summary>Every token of a frame is its refined expression, the frame's rotation and zeros.</summary>
    /// <param name="refined">From the motion refiner, <c>[T, tokens, width − 6]</c>.</param>
    /// <param name="rotation">From the head-pose network, degrees, <c>[T, 3]</c>.</param>
    /// <param name="tokens">Receives <c>[T, tokens, width]</c>.</param>
    /// <exception cref="ArgumentException">The shapes do not belong together.</exception>
    public static void Assemble(FloatTensor refined, FloatTensor rotation, Span<float> tokens)
    {
        if (refined.Shape.Rank != 3 || rotation.Shape != new TensorShape(refined.Shape[0], Angles))
            throw new ArgumentException($"Expected refined [T, tokens, width] and rotation [T, {Angles}], got {refined.Shape} and {rotation.Shape}.", nameof(rotation));
        var (frames, count, refinedWidth) = (refined.Shape[0], refined.Shape[1], refined.Shape[2]);
        var width = refinedWidth + PoseWidth;
        Elementwise.RequireLength(frames * count * width, tokens.Length);
        for (var token = 0; token < frames * count; token++)
        {
            var target = tokens.Slice(token * width, width);
            refined.Values.Slice(token * refinedWidth, refinedWidth).CopyTo(target);
            rotation.Values.Slice(token / count * Angles, Angles).CopyTo(target[refinedWidth..]);
            target[(refinedWidth + Angles)..].Clear();
        }
    }
}
