namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>A checkpoint whose weights are computed by formula (<see cref="ProceduralTensors"/>): nothing is stored.</summary>
/// <param name="label">First part of every tensor's key.</param>
/// <param name="gain">Multiplies matrices and kernels.</param>
/// <param name="entries">Names and shapes.</param>
public sealed class ProceduralCheckpoint(string label, double gain, IEnumerable<TensorEntry> entries) : ICheckpoint
{
    /// <inheritdoc/>
    public string Source => $"procedural:{label}";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; } = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination)
    {
        var (mean, amplitude) = ProceduralTensors.Distribution(gain, name, Tensors[name].Shape);
        var values = new float[destination.Length];
        ProceduralTensors.Fill($"{label}:{name}", mean, amplitude, values);
        values.CopyTo(destination);
    }

    /// <inheritdoc/>
    public void ReadIntegers(string name, Span<long> destination) => destination.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
