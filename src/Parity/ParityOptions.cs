using HunyuanPortrait.Core.Networks;

namespace HunyuanPortrait.Parity;

/// <summary>How cases are run.</summary>
/// <param name="Loader">Loads networks onto the device under test.</param>
public sealed record ParityOptions(INetworkLoader Loader)
{
    /// <summary>Form of the graphs: the product's <c>portable</c>, or the yardstick <c>naive</c>.</summary>
    public bool IsNaive { get; init; }

    /// <summary>An imported model to run the full-size case with; without it the case's weights are computed into <see cref="ScratchDirectory"/>.</summary>
    public string? ModelDirectory { get; init; }

    /// <summary>Where large temporary files may go; removed afterwards.</summary>
    public string ScratchDirectory { get; init; } = Path.GetTempPath();
}
