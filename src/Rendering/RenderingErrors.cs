using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Rendering;

/// <summary>Refusals of the composition: what only shows when inputs, model and output come together.</summary>
public static class RenderingErrors
{
    /// <summary>The output file is already there.</summary>
    public static RenderException OutputExists(string path) =>
        new("HP4501", $"'{path}' exists. Choose another name, or add --force to replace it.");

    /// <summary>The output is one of the inputs.</summary>
    public static RenderException OutputIsInput(string path) =>
        new("HP4502", $"'{path}' is an input too: it would be overwritten while it is read. Choose another name for the output.");

    /// <summary>The folder for temporary files cannot be used.</summary>
    public static RenderException WorkFolderNotWritable(string folder, Exception cause) =>
        new("HP4503", $"temporary files cannot be written to '{folder}' ({cause.Message.TrimEnd('.')}). Choose another folder with --work-dir.", cause);
}
