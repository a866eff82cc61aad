using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>What changes from frame to frame, against what should.</summary>
public static class FrameChange
{
    /// <summary>Mean squared error of the change into every frame but the first: entry i is about frames i and i + 1. 8-bit units.</summary>
    public static double[] Errors(IReadOnlyList<RgbImage> outputs, IReadOnlyList<RgbImage> truth) =>
        [.. Enumerable.Range(1, truth.Count - 1).Select(frame => Error(outputs[frame - 1], outputs[frame], truth[frame - 1], truth[frame]))];

    /// <summary>The same for a picture that never changes.</summary>
    public static double[] FrozenErrors(IReadOnlyList<RgbImage> truth) =>
        [.. Enumerable.Range(1, truth.Count - 1).Select(frame => PictureError.Squared(truth[frame - 1], truth[frame]).Mean)];

    private static double Error(RgbImage outputBefore, RgbImage output, RgbImage truthBefore, RgbImage truth)
    {
        PictureError.RequireSameSize(output, truth);
        var a = outputBefore.Pixels.Span;
        var b = output.Pixels.Span;
        var c = truthBefore.Pixels.Span;
        var d = truth.Pixels.Span;
        long sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var error = b[i] - a[i] - (d[i] - c[i]);
            sum += error * error;
        }

        return (double)sum / a.Length;
    }
}

/// <summary>Errors of change at seams and between them.</summary>
/// <param name="Seams">Sum of mean squared errors at seams.</param>
/// <param name="Inside">Elsewhere.</param>
public readonly record struct SeamSums(Sums Seams, Sums Inside)
{
    /// <summary>Root mean square at seams over that inside: 1 where nobody can see a seam; not a number where there is none.</summary>
    public double Ratio => Math.Sqrt(Seams.Mean / Inside.Mean);

    /// <summary>Adds both parts.</summary>
    public static SeamSums operator +(SeamSums left, SeamSums right) => new(left.Seams + right.Seams, left.Inside + right.Inside);

    /// <summary>Splits errors of change.</summary>
    /// <param name="errors">As <see cref="FrameChange.Errors"/> gives them.</param>
    /// <param name="seams">Frames at which something begins; a seam is between such a frame and the one before.</param>
    public static SeamSums Of(double[] errors, IReadOnlySet<int> seams)
    {
        SeamSums sums = default;
        for (var i = 0; i < errors.Length; i++)
        {
            var entry = new Sums(errors[i], 1);
            sums += seams.Contains(i + 1) ? new SeamSums(entry, default) : new SeamSums(default, entry);
        }

        return sums;
    }
}
