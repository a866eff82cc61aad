using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>Refusals of the denoising loop, HP51xx.</summary>
public static class DenoisingErrors
{
    /// <summary>HP5101: a window's latents are no longer numbers.</summary>
    public static RenderException NotFinite(int step, FrameWindow window, int values) => new(
        "HP5101",
        $"Denoising step {step + 1} of the window at frame {window.Start} gave {values} values that are not numbers (NaN or infinite). " +
        "The weights do not fit the model, or half precision overflowed: check the model with 'models check', or import it with '--precision fp32'.");
}
