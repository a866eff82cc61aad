namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>A sum and what it is divided by. Sums of clips add up, so a figure over many clips is the figure of their sum.</summary>
/// <param name="Value">Numerator.</param>
/// <param name="Weight">Denominator.</param>
public readonly record struct Sums(double Value, double Weight)
{
    /// <summary>The quotient; not a number without weight.</summary>
    public double Mean => Weight > 0 ? Value / Weight : double.NaN;

    /// <summary>Adds numerators and denominators.</summary>
    public static Sums operator +(Sums left, Sums right) => new(left.Value + right.Value, left.Weight + right.Weight);

    /// <summary>One trial and whether it succeeded.</summary>
    public static Sums Of(bool success) => new(success ? 1 : 0, 1);

    /// <summary>The sum of many.</summary>
    public static Sums Total(IEnumerable<Sums> parts) => parts.Aggregate(default(Sums), (total, part) => total + part);
}

/// <summary>What R² needs of readings of one factor.</summary>
/// <param name="Count">Readings.</param>
/// <param name="Truth">Sum of the true values.</param>
/// <param name="TruthSquared">Sum of their squares.</param>
/// <param name="ErrorSquared">Sum of the squared errors.</param>
public readonly record struct FactorSums(double Count, double Truth, double TruthSquared, double ErrorSquared)
{
    /// <summary>Adds readings.</summary>
    public static FactorSums operator +(FactorSums left, FactorSums right) => new(
        left.Count + right.Count, left.Truth + right.Truth, left.TruthSquared + right.TruthSquared, left.ErrorSquared + right.ErrorSquared);

    /// <summary>One reading.</summary>
    public static FactorSums Of(double read, double truth) => new(1, truth, truth * truth, (read - truth) * (read - truth));

    /// <summary>1 for perfect readings, 0 for what the constant mean would get; not a number where the truth never changes.</summary>
    public double Determination
    {
        get
        {
            var variation = TruthSquared - Truth * Truth / Count;
            return variation > 0 ? 1 - ErrorSquared / variation : double.NaN;
        }
    }
}
