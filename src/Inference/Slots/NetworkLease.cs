using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Slots;

/// <summary>A borrowed network: every run waits for a slot of its device.</summary>
internal sealed class NetworkLease(INetwork network, DeviceSlots slots, bool ownsNetwork) : INetwork
{
    private bool returned;

    public IReadOnlyDictionary<string, int[]> Inputs => network.Inputs;

    public IReadOnlyDictionary<string, int[]> Outputs => network.Outputs;

    public void Run(
        IReadOnlyDictionary<string, FloatTensor> inputs,
        IReadOnlyDictionary<string, FloatTensor> outputs,
        CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(returned, this);
        using var permit = slots.Reserve(cancellationToken);
        network.Run(inputs, outputs, cancellationToken);
    }

    public void Dispose()
    {
        if (returned)
            return;
        returned = true;
        if (ownsNetwork)
            network.Dispose();
    }
}
