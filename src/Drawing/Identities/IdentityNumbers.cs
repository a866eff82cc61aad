namespace HunyuanPortrait.Drawing.Identities;

/// <summary>Two sets of persons that never share one.</summary>
public enum IdentitySplit
{
    /// <summary>Seven of eight: for training.</summary>
    Train,

    /// <summary>One of eight: for evaluation and the demo.</summary>
    HeldOut,
}

/// <summary>Which numbers belong to which set, and seeded draws from a set.</summary>
public static class IdentityNumbers
{
    private const uint HeldOutOneOf = 8;

    /// <summary>By a hash of the number, so neighbours fall into different sets.</summary>
    public static IdentitySplit SplitOf(uint number) =>
        new FactorDraws(number, DrawPurpose.Split).Word() % HeldOutOneOf == 0 ? IdentitySplit.HeldOut : IdentitySplit.Train;

    /// <summary>The <paramref name="index"/>-th number of a seed's random sequence from one set. Repetitions are as rare as chance makes them.</summary>
    public static uint Draw(ulong seed, ulong index, IdentitySplit split)
    {
        var draws = new FactorDraws(seed, DrawPurpose.IdentityNumber, index);
        while (true)
        {
            var number = draws.Word();
            if (SplitOf(number) == split)
                return number;
        }
    }
}
