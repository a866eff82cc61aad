using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Drawing;

/// <summary>Refusals of the drawing (HP46xx).</summary>
public static class DrawingErrors
{
    /// <summary>The reader of the stream went away, or the disk behind it is full.</summary>
    public static RenderException StreamNotWritable(IOException cause) =>
        new("HP4601", $"the stream of drawings cannot be written further ({cause.Message.TrimEnd('.')}). Its reader ended, or the disk is full.", cause);
}
