namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>A <c>.safetensors</c> file: a JSON header and plain little-endian tensors without gaps.</summary>
public sealed class SafetensorsCheckpoint : ICheckpoint
{
    private readonly MappedFile file;
    private readonly OrderedDictionary<string, StoredTensor> stored;
    private readonly OrderedDictionary<string, TensorEntry> tensors = [];

    private SafetensorsCheckpoint(MappedFile file, SafetensorsHeader header)
    {
        this.file = file;
        stored = header.Tensors;
        Metadata = header.Metadata;
        foreach (var (name, tensor) in stored)
            tensors.Add(name, tensor.Entry);
    }

    /// <inheritdoc/>
    public string Source => file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <summary>The free text pairs of the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its whole header; no tensor is read yet.</summary>
    /// <exception cref="Core.Errors.RenderException">HP2001–HP2004, HP2012: not readable, or the header is invalid.</exception>
    public static SafetensorsCheckpoint Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return new SafetensorsCheckpoint(file, SafetensorsHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination) => TensorReader.ReadFloats(file, Find(name), destination);

    /// <inheritdoc/>
    public void ReadIntegers(string name, Span<long> destination) => TensorReader.ReadIntegers(file, Find(name), destination);

    /// <summary>Reads a tensor of doubles as they are.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>, of type <see cref="ElementType.Float64"/>.</param>
    /// <param name="destination">Exactly the tensor's element count.</param>
    public void ReadDoubles(string name, Span<double> destination) => TensorReader.ReadDoubles(file, Find(name), destination);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private StoredTensor Find(string name) =>
        stored.TryGetValue(name, out var tensor) ? tensor : throw CheckpointErrors.NoSuchTensor(Source, name);
}
