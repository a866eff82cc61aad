namespace HunyuanPortrait.Grains.Dispatch;

/// <summary>Names that jobs, workers and the pool share.</summary>
internal static class PoolNames
{
    /// <summary>Key of the pool grain.</summary>
    public const string Default = "pool";

    /// <summary>A model on a kind of processor.</summary>
    public static string ModelOn(string model, string deviceClass) => $"{model}@{deviceClass}";
}
