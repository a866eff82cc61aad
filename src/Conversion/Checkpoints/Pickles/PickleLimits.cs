namespace HunyuanPortrait.Conversion.Checkpoints.Pickles;

/// <summary>
/// Bounds of a pickle. The largest official state dictionary has 1,492 tensors in 0.4 MB of pickle; every bound is far above that and low
/// enough that a hostile file costs neither memory nor time.
/// </summary>
internal static class PickleLimits
{
    /// <summary>Bytes of a whole pickle.</summary>
    public const int Bytes = 32 << 20;

    /// <summary>Bytes of one text.</summary>
    public const int TextBytes = 1 << 20;

    /// <summary>Bytes of one long integer.</summary>
    public const int IntegerBytes = 64;

    /// <summary>Open marks, values on the stack and values remembered.</summary>
    public const int Values = 2_000_000;

    /// <summary>Containers inside of containers when names are collected.</summary>
    public const int Nesting = 64;

    /// <summary>Values visited when names are collected; shared containers count every time.</summary>
    public const int Visits = 2_000_000;

    /// <summary>Letters of a tensor's full name.</summary>
    public const int NameLength = 1024;

    /// <summary>Elements of a view that repeats its storage.</summary>
    public const long RepeatedElements = 1 << 24;

    /// <summary>Dimensions of a tensor.</summary>
    public const int Rank = 16;
}
