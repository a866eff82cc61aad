namespace HunyuanPortrait.Core.Noise;

/// <summary>Four 32-bit words: a counter's value or a block of random bits.</summary>
public readonly record struct PhiloxBlock(uint W0, uint W1, uint W2, uint W3);

/// <summary>
/// Philox-4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a counter and a key give 128 random bits,
/// without any state. Integer arithmetic only, so the same everywhere.
/// </summary>
public static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The random bits at a counter under a key.</summary>
    public static PhiloxBlock Generate(PhiloxBlock counter, ulong key)
    {
        var (key0, key1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * counter.W0;
            var product1 = (ulong)Multiplier1 * counter.W2;
            counter = new PhiloxBlock(
                (uint)(product1 >> 32) ^ counter.W1 ^ key0, (uint)product1,
                (uint)(product0 >> 32) ^ counter.W3 ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return counter;
    }
}
