using HunyuanPortrait.Core.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace HunyuanPortrait.Inference.Sessions;

/// <summary>Native views of managed tensors; the memory is pinned until <see cref="Dispose"/>.</summary>
internal sealed class BoundTensors : IDisposable
{
    private readonly List<OrtValue> values;

    public BoundTensors(IReadOnlyDictionary<string, FloatTensor> tensors)
    {
        Names = new List<string>(tensors.Count);
        values = new List<OrtValue>(tensors.Count);
        try
        {
            foreach (var (name, tensor) in tensors)
                Bind(name, tensor);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public List<string> Names { get; }

    public IReadOnlyCollection<OrtValue> Values => values;

    public void Dispose()
    {
        foreach (var value in values)
            value.Dispose();
        values.Clear();
    }

    private void Bind(string name, FloatTensor tensor)
    {
        var shape = new long[tensor.Shape.Rank];
        for (var axis = 0; axis < shape.Length; axis++)
            shape[axis] = tensor.Shape[axis];
        values.Add(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.Data, shape));
        Names.Add(name);
    }
}
