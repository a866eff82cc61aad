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
        this INetwork network, IReadOnlyDictionary<string, FloatTensor> inputs, string output, int freeLength, CancellationToken cancellationToken)
    {
        var result = FloatTensor.Zeros([.. network.Outputs[output].Select(dim => dim < 0 ? freeLength : dim)]);
        network.Run(inputs, new Dictionary<string, FloatTensor> { [output] = result }, cancellationToken);
        return result;
    }
}
