using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace HunyuanPortrait.Inference.Sessions;

/// <summary>One ONNX Runtime session. Inputs are read from, and outputs written to, the caller's memory: nothing is copied on the CPU.</summary>
internal sealed class OnnxNetwork : INetwork
{
    private readonly string name;
    private readonly string provider;
    private readonly InferenceSession session;

    /// <summary>Takes over the session.</summary>
    public OnnxNetwork(string name, InferenceSession session, string provider)
    {
        this.name = name;
        this.provider = provider;
        this.session = session;
        try
        {
            Inputs = TensorBorder.Read(name, session.InputMetadata);
            Outputs = TensorBorder.Read(name, session.OutputMetadata);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public IReadOnlyDictionary<string, int[]> Inputs { get; }

    public IReadOnlyDictionary<string, int[]> Outputs { get; }

    public void Run(
        IReadOnlyDictionary<string, FloatTensor> inputs,
        IReadOnlyDictionary<string, FloatTensor> outputs,
        CancellationToken cancellationToken = default)
    {
        TensorBorder.CheckInputs(name, Inputs, inputs);
        TensorBorder.CheckOutputs(name, Outputs, outputs);
        cancellationToken.ThrowIfCancellationRequested();
        using var boundInputs = new BoundTensors(inputs);
        using var boundOutputs = new BoundTensors(outputs);
        using var run = new RunOptions();
        // Disposed before the run options: Dispose waits for a callback that is under way.
        using var interruption = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, run);
        try
        {
            session.Run(run, boundInputs.Names, boundInputs.Values, boundOutputs.Names, boundOutputs.Values);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException error)
        {
            throw NativeFailures.OfRun(error, name, provider);
        }
    }

    public void Dispose() => session.Dispose();
}
