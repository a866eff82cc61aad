using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Decoding;

/// <summary>Refusals of decoding, HP511x.</summary>
public static class DecodingErrors
{
    /// <summary>HP5111: a decoded frame is not made of numbers; it would silently become black.</summary>
    public static RenderException NotFinite() => new(
        "HP5111",
        "The VAE decoder gave a frame with values that are not numbers (NaN or infinite). The weights do not fit the model, or half precision " +
        "overflowed: check the model with 'models check', or import it with '--precision fp32'.");
}
