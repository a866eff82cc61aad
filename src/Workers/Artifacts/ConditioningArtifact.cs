using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Workers.Artifacts;

/// <summary>A portrait's constants and the place of its square.</summary>
internal sealed record StoredConditioning(PortraitConditioning Portrait, PixelRegion Place);

/// <summary>A portrait's constants as a tensor artifact: image tokens, reference latents, first layer, place.</summary>
internal static class ConditioningArtifact
{
    private const int TensorCount = 4;

    public static byte[] Write(StoredConditioning conditioning) => TensorArtifact.Write(
        conditioning.Portrait.ImageTokens, conditioning.Portrait.ReferenceLatents, conditioning.Portrait.FirstLayer,
        FloatTensor.Of(conditioning.Place.Left, conditioning.Place.Top, conditioning.Place.Right, conditioning.Place.Bottom));

    public static StoredConditioning Read(ArtifactKey key, ReadOnlySpan<byte> content)
    {
        var tensors = TensorArtifact.Read(key, content);
        if (tensors.Length != TensorCount || tensors[3].Values.Length != 4)
            throw ExecutionErrors.DamagedArtifact(key.Value, "it is not a portrait's conditioning");

        // Pictures have at most 2^24 pixels on a side, so single precision is exact.
        var place = tensors[3].Values;
        return new StoredConditioning(
            new PortraitConditioning(tensors[0], tensors[1], tensors[2]),
            new PixelRegion((int)place[0], (int)place[1], (int)place[2], (int)place[3]));
    }
}
