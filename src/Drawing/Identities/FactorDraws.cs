using HunyuanPortrait.Core.Noise;

namespace HunyuanPortrait.Drawing.Identities;

/// <summary>What a run of random numbers is for: runs with different purposes share nothing.</summary>
internal enum DrawPurpose : uint
{
    Split = 1,
    IdentityNumber,
    Style,
    Skin,
    Face,
    Hair,
    Eyes,
    Brows,
    Nose,
    Mouth,
    FacialHair,
    Accessories,
    Clothes,
    Backdrop,
    Motion,
    Performance,
    Strokes,
}

/// <summary>Random choices in reading order, from a counter-based generator: key, purpose and position decide everything.</summary>
/// <param name="key">An identity's number or a seed.</param>
/// <param name="purpose">Separates runs of one key.</param>
/// <param name="position">Separates runs of one key and purpose.</param>
internal struct FactorDraws(ulong key, DrawPurpose purpose, ulong position = 0)
{
    private const float OneWord = 1f / 4294967296f;
    private uint next;
    private PhiloxBlock block;

    /// <summary>32 random bits.</summary>
    public uint Word()
    {
        if (next % 4 == 0)
            block = Philox.Generate(new PhiloxBlock(next / 4, (uint)position, (uint)(position >> 32), (uint)purpose), key);
        return (next++ % 4) switch { 0 => block.W0, 1 => block.W1, 2 => block.W2, _ => block.W3 };
    }

    /// <summary>Evenly in [0, 1).</summary>
    public float Unit() => (Word() >> 8) * (OneWord * 256);

    /// <summary>Evenly between two numbers.</summary>
    public float Between(float low, float high) => low + (high - low) * Unit();

    /// <summary>Between two numbers, the middle preferred.</summary>
    public float Bell(float low, float high) => low + (high - low) * 0.5f * (Unit() + Unit());

    public bool Chance(float probability) => Unit() < probability;

    public int Below(int count) => (int)(((ulong)Word() * (uint)count) >> 32);

    public T Of<T>(ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>An index, as often as its weight says.</summary>
    public int Weighted(ReadOnlySpan<float> weights)
    {
        float total = 0;
        foreach (var weight in weights)
            total += weight;
        var left = Unit() * total;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }

        return weights.Length - 1;
    }
}
