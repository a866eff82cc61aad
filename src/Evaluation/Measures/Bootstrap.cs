using HunyuanPortrait.Core.Noise;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>An interval that holds 95 % of what other draws of the same material would give.</summary>
/// <param name="Low">2.5 % are below.</param>
/// <param name="High">2.5 % are above.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>How much a figure would change with other clips: it is computed again from clips drawn with replacement.</summary>
public static class Bootstrap
{
    private const int Draws = 1000;

    /// <summary>The interval of a figure.</summary>
    /// <param name="clips">How many there are.</param>
    /// <param name="figure">From the numbers of the drawn clips, repetitions among them.</param>
    public static Interval Of(int clips, Func<int[], double> figure)
    {
        var values = new double[Draws];
        var chosen = new int[clips];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < clips; i++)
                chosen[i] = (int)(Philox.Generate(new PhiloxBlock((uint)draw, (uint)i, 0, 0), 0).W0 % (uint)clips);
            values[draw] = figure(chosen);
        }

        Array.Sort(values);
        return new Interval(values[(int)(0.025 * Draws)], values[(int)(0.975 * Draws) - 1]);
    }
}
