using HunyuanPortrait.Drawing.Motions;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>The figures of one variant (docs/evaluation.md). What cannot be computed is not a number.</summary>
/// <param name="PsnrGainDb"><paramref name="PsnrFaceDb"/> less that of the better baseline on the same clips.</param>
/// <param name="PsnrFaceDb">Of the face, against the truth.</param>
/// <param name="PsnrDb">Of whole pictures.</param>
/// <param name="SsimFace">Of the face.</param>
/// <param name="IdentityRetrieval">Share of pictures that are nearest to their own person among 20 under the same motion.</param>
/// <param name="MotionRetrieval">Share of pictures that are nearest to the truth within two frames among the whole clip.</param>
/// <param name="ExpressionR2">Mean of the four of <paramref name="Expression"/>.</param>
/// <param name="Expression">R² of what the factor reader reads.</param>
/// <param name="EdgeEnergy">Over the truth's.</param>
/// <param name="FlickerRatio">Error of frame-to-frame change over that of a frozen picture (root mean squares).</param>
/// <param name="SeamRatio">That error where windows of the last step meet over inside windows.</param>
/// <param name="SeamRatioByStep">The same for the windows of every step, which lie elsewhere.</param>
/// <param name="DecoderSeamRatio">The same where decoder calls meet.</param>
public sealed record VariantFigures(
    double PsnrGainDb, double PsnrFaceDb, double PsnrDb, double SsimFace, double IdentityRetrieval, double MotionRetrieval, double ExpressionR2,
    ExpressionFigures Expression, double EdgeEnergy, double FlickerRatio, double SeamRatio, IReadOnlyList<double> SeamRatioByStep, double DecoderSeamRatio)
{
    /// <summary>Computes the figures.</summary>
    /// <param name="scores">The variant's.</param>
    /// <param name="baselines">Of the baselines on the same clips.</param>
    public static VariantFigures Of(VariantScores scores, params ReadOnlySpan<VariantScores> baselines)
    {
        var face = PictureError.Psnr(scores.FaceError.Mean);
        var better = double.NegativeInfinity;
        foreach (var baseline in baselines)
            better = Math.Max(better, PictureError.Psnr(baseline.FaceError.Mean));
        var expression = ExpressionFigures.Of(scores);
        return new VariantFigures(
            face - better, face, PictureError.Psnr(scores.PictureError.Mean), scores.FaceSimilarity.Mean, scores.Identity.Mean, scores.Moment.Mean,
            expression.Mean, expression, scores.Edges.Mean, Math.Sqrt(scores.Change.Mean), scores.WindowSeams.Ratio,
            [.. scores.WindowSeamsByStep.Select(seams => seams.Ratio)], scores.DecoderSeams.Ratio);
    }
}

/// <summary>R² of what the factor reader reads.</summary>
/// <param name="Jaw">Opening of the jaw.</param>
/// <param name="Eyelids">Mean of both eyes' openness.</param>
/// <param name="Gaze">Mean of both directions.</param>
/// <param name="Smile">Corners of the mouth.</param>
/// <param name="ByFactor">Every factor that is read.</param>
public sealed record ExpressionFigures(double Jaw, double Eyelids, double Gaze, double Smile, IReadOnlyDictionary<string, double> ByFactor)
{
    /// <summary>Mean of jaw, eyelids, gaze and smile.</summary>
    public double Mean => (Jaw + Eyelids + Gaze + Smile) / 4;

    /// <summary>Computes the figures.</summary>
    public static ExpressionFigures Of(VariantScores scores)
    {
        var factors = new OrderedDictionary<string, double>();
        for (var i = 0; i < scores.Factors.Length; i++)
        {
            if (scores.Factors[i].Count > 0)
                factors.Add(MotionFactors.All[i].Name, scores.Factors[i].Determination);
        }

        double Mean(params ReadOnlySpan<string> names)
        {
            double sum = 0;
            foreach (var name in names)
                sum += factors.TryGetValue(name, out var value) ? value : double.NaN;
            return sum / names.Length;
        }

        return new ExpressionFigures(Mean("jaw"), Mean("leftEye", "rightEye"), Mean("gazeX", "gazeY"), Mean("smile"), factors);
    }
}
