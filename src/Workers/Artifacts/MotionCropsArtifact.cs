using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Workers.Artifacts;

/// <summary>
/// The crops of one motion group as an artifact: a tensor artifact would be four times as long, so that values, which come from 8-bit pictures, are
/// stored as bytes again. Intensity ids, shape <c>[T, channels, height, width]</c>, then face and head crops.
/// </summary>
public static class MotionCropsArtifact
{
    private const int HeaderWords = 6;
    private const float Largest = 255f;

    /// <summary>Writes crops.</summary>
    /// <exception cref="ArgumentException">A value is no byte's.</exception>
    public static byte[] Write(MotionGroup group)
    {
        var shape = group.FaceCrops.Shape;
        var length = (int)shape.ElementCount;
        var content = new byte[HeaderWords * sizeof(int) + 2 * length];
        int[] header = [group.Intensity.Head, group.Intensity.Expression, .. shape.Dimensions];
        Buffer.BlockCopy(header, 0, content, 0, HeaderWords * sizeof(int));
        ToBytes(group.FaceCrops.Values, content.AsSpan(HeaderWords * sizeof(int), length));
        ToBytes(group.HeadCrops.Values, content.AsSpan(HeaderWords * sizeof(int) + length, length));
        return content;
    }

    /// <summary>Reads crops.</summary>
    /// <param name="key">For messages.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="Core.Errors.RenderException">HP5203: the content is no such artifact, or it was cut off.</exception>
    public static MotionGroup Read(ArtifactKey key, byte[] content)
    {
        var header = new int[HeaderWords];
        if (content.Length >= HeaderWords * sizeof(int))
            Buffer.BlockCopy(content, 0, header, 0, HeaderWords * sizeof(int));
        var dimensions = header[2..];
        if (dimensions.Any(dimension => dimension < 1) || HeaderWords * sizeof(int) + 2 * new TensorShape(dimensions).ElementCount != content.Length)
            throw ExecutionErrors.DamagedArtifact(key.Value, $"its {content.Length} bytes are not the crops of one motion group");
        var length = (content.Length - HeaderWords * sizeof(int)) / 2;
        return new MotionGroup(
            ToUnit(content.AsSpan(HeaderWords * sizeof(int), length), dimensions), ToUnit(content.AsSpan(HeaderWords * sizeof(int) + length), dimensions),
            new MotionIntensity(header[0], header[1]), []);
    }

    private static void ToBytes(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            bytes[i] = (byte)MathF.Round(values[i] * Largest);
            if (bytes[i] / Largest != values[i])
                throw new ArgumentException($"Crops come from 8-bit pictures; {values[i]} does not.", nameof(values));
        }
    }

    private static FloatTensor ToUnit(ReadOnlySpan<byte> bytes, int[] dimensions)
    {
        var tensor = FloatTensor.Zeros(dimensions);
        var values = tensor.Values;
        for (var i = 0; i < bytes.Length; i++)
            values[i] = bytes[i] / Largest;
        return tensor;
    }
}
