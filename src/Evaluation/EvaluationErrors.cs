using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Evaluation;

/// <summary>Refusals of the evaluation (HP461x).</summary>
public static class EvaluationErrors
{
    /// <summary>The factor reader is not beside the program.</summary>
    public static RenderException ReaderMissing(string folder) =>
        new("HP4611", $"the factor reader is not in {folder}. Run ./portrait evaluate from a checkout of the repository, or make one (training/README.md).");

    /// <summary>The factor reader's files are not what its manifest says.</summary>
    public static RenderException ReaderDamaged(string path, string detail, Exception? cause = null) =>
        new("HP4612", $"the factor reader cannot be used: {path}: {detail.TrimEnd('.')}. Get models/factor-reader from the repository again.", cause);

    /// <summary>Drawn portraits are square, and so must be what they are compared with.</summary>
    public static RenderException NotSquare(string directory, int width, int height) =>
        new("HP4613", $"the model in {directory} makes pictures of {width}×{height}. Drawn portraits are square: only models with square pictures can be evaluated.");
}
