using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Cli.Terminal;

internal static class StageNames
{
    public static string Of(RenderStage stage) => stage switch
    {
        RenderStage.Validate => "checking the inputs",
        RenderStage.Load => "loading the model",
        RenderStage.Portrait => "reading the portrait",
        RenderStage.Motion => "following the motion",
        RenderStage.Denoise => "denoising",
        RenderStage.Decode => "decoding and encoding",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };
}
