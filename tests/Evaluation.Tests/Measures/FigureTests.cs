using CsCheck;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Evaluation.Measures;

namespace HunyuanPortrait.Evaluation.Tests.Measures;

public sealed class FigureTests
{
    [Fact]
    public void Determination_OfPerfectMeanAndInvertedReadings_IsKnown()
    {
        double[] truth = [0, 0.25, 0.5, 0.75, 1];
        double Of(Func<double, double> read) => truth.Aggregate(default(FactorSums), (sums, value) => sums + FactorSums.Of(read(value), value)).Determination;
        Assert.Equal(1, Of(value => value));
        Assert.Equal(0, Of(_ => 0.5), 12);
        Assert.Equal(-3, Of(value => 1 - value), 12);
    }

    [Fact]
    public void Determination_OfATruthThatNeverChanges_IsNotANumber() =>
        Assert.True(double.IsNaN((FactorSums.Of(0.2, 0.5) + FactorSums.Of(0.3, 0.5)).Determination));

    [Fact]
    public void Figures_OfClips_DoNotDependOnTheirOrder() =>
        Gen.Double[0, 100].Array[5].Sample(errors =>
        {
            var clips = errors.Select(error => new VariantScores { FaceError = new Sums(error, 10), Identity = Sums.Of(error > 50) }).ToArray();
            var (forth, back) = (VariantScores.Total(clips), VariantScores.Total(clips.Reverse()));
            Assert.Equal(forth.FaceError.Value, back.FaceError.Value, 9);
            Assert.Equal(forth.Identity, back.Identity);
        });

    [Fact]
    public void Gain_Always_IsAboveTheBetterBaseline()
    {
        VariantScores WithError(double error) => new() { FaceError = new Sums(error, 1) };
        var figures = VariantFigures.Of(WithError(10), WithError(1000), WithError(100));
        Assert.Equal(10, figures.PsnrGainDb, 9);
    }

    [Fact]
    public void Expression_Always_WeighsItsFourPartsAlike()
    {
        var factors = new FactorSums[MotionFactors.Count];
        void Set(string name, double determination) =>
            factors[MotionFactors.All.ToList().FindIndex(factor => factor.Name == name)] = new FactorSums(2, 1, 1, 0.5 * (1 - determination));
        Set("jaw", 0.9);
        Set("leftEye", 0.8);
        Set("rightEye", 0.6);
        Set("gazeX", 0.4);
        Set("gazeY", 0);
        Set("smile", 0.5);
        var expression = ExpressionFigures.Of(new VariantScores { Factors = [.. factors] });
        Assert.Equal((0.9 + 0.7 + 0.2 + 0.5) / 4, expression.Mean, 9);
        Assert.Equal(["leftEye", "rightEye", "gazeX", "gazeY", "jaw", "smile"], expression.ByFactor.Keys);
    }

    [Fact]
    public void Bootstrap_OfEqualClips_HasNoSpread() =>
        Assert.Equal(new Interval(3, 3), Bootstrap.Of(5, _ => 3));

    [Fact]
    public void Bootstrap_OfDifferentClips_CoversTheirMeanAndIsRepeatable()
    {
        double[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        double Mean(int[] clips) => clips.Average(clip => values[clip]);
        var interval = Bootstrap.Of(values.Length, Mean);
        Assert.InRange(4.5, interval.Low, interval.High);
        Assert.InRange(interval.High - interval.Low, 2, 4);
        Assert.Equal(interval, Bootstrap.Of(values.Length, Mean));
    }
}
