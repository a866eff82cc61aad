using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Networks;

/// <summary>A loaded network. Inputs and outputs are fp32 in host memory, by name. Safe for concurrent use.</summary>
public interface INetwork : IDisposable
{
    /// <summary>Name and shape of every input; a free dimension is −1.</summary>
    IReadOnlyDictionary<string, int[]> Inputs { get; }

    /// <summary>Name and shape of every output; a free dimension is −1.</summary>
    IReadOnlyDictionary<string, int[]> Outputs { get; }

    /// <summary>Runs once, writing into memory of the caller.</summary>
    /// <param name="inputs">Every input, with its shape.</param>
    /// <param name="outputs">The wanted outputs, with their shapes.</param>
    /// <param name="cancellationToken">Interrupts the run.</param>
    /// <exception cref="ArgumentException">A name or a shape does not fit; the message names tensor, expected and actual shape.</exception>
    void Run(
        IReadOnlyDictionary<string, FloatTensor> inputs,
        IReadOnlyDictionary<string, FloatTensor> outputs,
        CancellationToken cancellationToken = default);
}

/// <summary>Where an ONNX graph is: a file, or bytes with a folder for their external data.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Path">The graph file; null when <paramref name="Graph"/> holds it.</param>
/// <param name="Graph">The serialised graph; null when it lies at <paramref name="Path"/>.</param>
/// <param name="ExternalDataFolder">Folder of the external data of <paramref name="Graph"/>; null when it has none.</param>
public sealed record NetworkSource(string Name, string? Path, ReadOnlyMemory<byte>? Graph, string? ExternalDataFolder)
{
    /// <summary>A graph file, with its external data beside it.</summary>
    public static NetworkSource FromFile(string name, string path) => new(name, path, null, null);

    /// <summary>A graph in memory.</summary>
    public static NetworkSource FromBytes(string name, ReadOnlyMemory<byte> graph, string? externalDataFolder = null) =>
        new(name, null, graph, externalDataFolder);
}

/// <summary>Loads networks onto one device.</summary>
public interface INetworkLoader
{
    /// <summary>Loads a network. The caller disposes it.</summary>
    INetwork Load(NetworkSource source);
}
