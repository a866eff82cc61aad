using System.Numerics.Tensors;
using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>
/// A checkpoint whose reads can be cancelled, are counted, and are checked: weights are finite and fit the written precision.
/// </summary>
/// <param name="checkpoint">The file; not disposed here.</param>
/// <param name="largest">Largest magnitude that the written precision holds.</param>
/// <param name="onRead">Called with the number of tensors read so far.</param>
/// <param name="cancellationToken">Looked at before every read.</param>
internal sealed class ObservedCheckpoint(ICheckpoint checkpoint, float largest, Action<int> onRead, CancellationToken cancellationToken) : ICheckpoint
{
    private int reads;

    public string Source => checkpoint.Source;

    public IReadOnlyDictionary<string, TensorEntry> Tensors => checkpoint.Tensors;

    public void ReadFloats(string name, Span<float> destination)
    {
        cancellationToken.ThrowIfCancellationRequested();
        checkpoint.ReadFloats(name, destination);
        // A NaN is neither smaller nor larger.
        if (!destination.IsEmpty && !(Math.Abs(TensorPrimitives.MaxMagnitude(destination)) <= largest))
            throw CheckpointErrors.WeightOutOfRange(Source, name, largest);
        onRead(++reads);
    }

    public void ReadIntegers(string name, Span<long> destination)
    {
        cancellationToken.ThrowIfCancellationRequested();
        checkpoint.ReadIntegers(name, destination);
    }

    public void Dispose()
    {
    }
}
