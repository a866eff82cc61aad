using System.Collections.Immutable;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>Everything that figures are computed from, for one variant on one clip or on many: scores add up.</summary>
public sealed record VariantScores
{
    /// <summary>Squared error on the face.</summary>
    public Sums FaceError { get; init; }

    /// <summary>Squared error of whole pictures.</summary>
    public Sums PictureError { get; init; }

    /// <summary>SSIM on the face.</summary>
    public Sums FaceSimilarity { get; init; }

    /// <summary>Pictures that found their person.</summary>
    public Sums Identity { get; init; }

    /// <summary>Pictures that found their moment.</summary>
    public Sums Moment { get; init; }

    /// <summary>Edge energy over the truth's.</summary>
    public Sums Edges { get; init; }

    /// <summary>Squared error of change over that of a frozen picture.</summary>
    public Sums Change { get; init; }

    /// <summary>Errors of change where windows of the last step meet, and elsewhere.</summary>
    public SeamSums WindowSeams { get; init; }

    /// <summary>The same for the windows of every step.</summary>
    public ImmutableArray<SeamSums> WindowSeamsByStep { get; init; } = [];

    /// <summary>The same where decoder calls meet.</summary>
    public SeamSums DecoderSeams { get; init; }

    /// <summary>Readings, in the order of <see cref="Drawing.Motions.MotionFactors"/>; no readings of factors that nobody reads.</summary>
    public ImmutableArray<FactorSums> Factors { get; init; } = [];

    /// <summary>Both together.</summary>
    public static VariantScores operator +(VariantScores left, VariantScores right) => new()
    {
        FaceError = left.FaceError + right.FaceError,
        PictureError = left.PictureError + right.PictureError,
        FaceSimilarity = left.FaceSimilarity + right.FaceSimilarity,
        Identity = left.Identity + right.Identity,
        Moment = left.Moment + right.Moment,
        Edges = left.Edges + right.Edges,
        Change = left.Change + right.Change,
        WindowSeams = left.WindowSeams + right.WindowSeams,
        WindowSeamsByStep = Pairwise(left.WindowSeamsByStep, right.WindowSeamsByStep, (a, b) => a + b),
        DecoderSeams = left.DecoderSeams + right.DecoderSeams,
        Factors = Pairwise(left.Factors, right.Factors, (a, b) => a + b),
    };

    /// <summary>The sum of clips.</summary>
    public static VariantScores Total(IEnumerable<VariantScores> clips) => clips.Aggregate(new VariantScores(), (total, clip) => total + clip);

    private static ImmutableArray<T> Pairwise<T>(ImmutableArray<T> left, ImmutableArray<T> right, Func<T, T, T> add) =>
        left.IsEmpty ? right : right.IsEmpty ? left : [.. left.Zip(right, add)];
}
