using System.Globalization;
using HunyuanPortrait.Evaluation.Measures;

namespace HunyuanPortrait.Evaluation.Reports;

/// <summary>What is asked of a model (docs/evaluation.md).</summary>
internal static class EvaluationTargets
{
    private const double LeastGain = 4;
    private const double LeastIdentity = 0.95;
    private const double LeastMotion = 0.85;
    private const double LeastExpression = 0.6;
    private const double LeastEdges = 0.8;
    private const double MostEdges = 1.2;
    private const double MostSeam = 1.15;

    /// <summary>A retrieval is destroyed when no more than this share of it is left.</summary>
    private const double Destroyed = 0.5;

    public static IReadOnlyList<TargetResult> Check(VariantFigures model, AblationFigures ablations)
    {
        List<TargetResult> targets =
        [
            AtLeast("psnrGainDb", model.PsnrGainDb, LeastGain),
            AtLeast("identityRetrieval", model.IdentityRetrieval, LeastIdentity),
            AtLeast("motionRetrieval", model.MotionRetrieval, LeastMotion),
            AtLeast("expressionR2", model.ExpressionR2, LeastExpression),
            new("edgeEnergy", model.EdgeEnergy, $"{Text(LeastEdges)} … {Text(MostEdges)}", model.EdgeEnergy is >= LeastEdges and <= MostEdges),
            new("flickerRatio", model.FlickerRatio, "< 1", model.FlickerRatio < 1),
            new("seamRatio", model.SeamRatio, $"≤ {Text(MostSeam)}", model.SeamRatio <= MostSeam),
        ];
        if (ablations is { Model: { } whole, MotionDropped: { } still, AppearanceDropped: { } anybody })
        {
            targets.Add(AtMostHalf("motionRetrieval with motion dropped", still.MotionRetrieval, whole.MotionRetrieval));
            targets.Add(AtMostHalf("identityRetrieval with appearance dropped", anybody.IdentityRetrieval, whole.IdentityRetrieval));
        }

        return targets;
    }

    private static TargetResult AtLeast(string figure, double value, double least) => new(figure, value, $"≥ {Text(least)}", value >= least);

    private static TargetResult AtMostHalf(string figure, double value, double whole) =>
        new(figure, value, $"≤ {Text(Destroyed * whole)} (half of the model's on the same clips)", value <= Destroyed * whole);

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
