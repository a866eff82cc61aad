using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Components;

internal static class NetworkCall
{
    /// <summary>Runs a network for one output on new memory.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="output">Name of the wanted output.</param>
    /// <param name="freeLength">What stands for a free dimension of the output.</param>
    /// <param name="cancellationToken">Interrupts the run.</param>
    public static FloatTensor RunFor(
        this INetwork network, IReadOnlyDictionary<string, FloatTensor> inputs, string output, int freeLength, CancellationToken cancellationToken) =>
        network.RunFor(inputs, [output], freeLength, cancellationToken)[output];

    /// <summary>The same for several outputs of one run.</summary>
    public static IReadOnlyDictionary<string, FloatTensor> RunFor(
        this INetwork network, IReadOnlyDictionary<string, FloatTensor> inputs, IEnumerable<string> outputs, int freeLength, CancellationToken cancellationToken)
    {
        var results = outputs.ToDictionary(
            name => name, name => FloatTensor.Zeros([.. network.Outputs[name].Select(dim => dim < 0 ? freeLength : dim)]));
        network.Run(inputs, results, cancellationToken);
        return results;
    }
}
