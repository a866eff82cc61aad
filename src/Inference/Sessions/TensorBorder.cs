using HunyuanPortrait.Core.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HunyuanPortrait.Inference.Sessions;

/// <summary>Names and shapes at a network's border: what the graph declares against what a caller brings.</summary>
internal static class TensorBorder
{
    /// <summary>Reads declared shapes; every tensor must be fp32.</summary>
    public static IReadOnlyDictionary<string, int[]> Read(string network, IReadOnlyDictionary<string, NodeMetadata> declared)
    {
        var shapes = new Dictionary<string, int[]>(declared.Count);
        foreach (var (name, node) in declared)
        {
            if (!node.IsTensor || node.ElementDataType != TensorElementType.Float)
                throw InferenceErrors.BorderNotFloat(network, name, node.IsTensor ? node.ElementDataType.ToString() : node.OnnxValueType.ToString());
            shapes.Add(name, node.Dimensions);
        }
        return shapes;
    }

    /// <summary>Every declared input must be given, and nothing else.</summary>
    public static void CheckInputs(
        string network, IReadOnlyDictionary<string, int[]> declared, IReadOnlyDictionary<string, FloatTensor> given)
    {
        foreach (var name in declared.Keys)
        {
            if (!given.ContainsKey(name))
                throw new ArgumentException($"Network '{network}': input '{name}' {Notation(declared[name])} is missing.", nameof(given));
        }
        Check(network, "input", declared, given);
    }

    /// <summary>At least one declared output must be wanted.</summary>
    public static void CheckOutputs(
        string network, IReadOnlyDictionary<string, int[]> declared, IReadOnlyDictionary<string, FloatTensor> given)
    {
        if (given.Count == 0)
            throw new ArgumentException($"Network '{network}': no output is asked for; it has {string.Join(", ", declared.Keys)}.", nameof(given));
        Check(network, "output", declared, given);
    }

    private static void Check(
        string network, string kind, IReadOnlyDictionary<string, int[]> declared, IReadOnlyDictionary<string, FloatTensor> given)
    {
        foreach (var (name, tensor) in given)
        {
            if (!declared.TryGetValue(name, out var expected))
                throw new ArgumentException($"Network '{network}' has no {kind} '{name}'; it has {string.Join(", ", declared.Keys)}.", nameof(given));
            if (!Fits(expected, tensor.Shape))
            {
                throw new ArgumentException(
                    $"Network '{network}': {kind} '{name}' expects shape {Notation(expected)}, got {tensor.Shape}.", nameof(given));
            }
        }
    }

    private static bool Fits(int[] expected, TensorShape actual)
    {
        if (expected.Length != actual.Rank)
            return false;
        for (var axis = 0; axis < expected.Length; axis++)
        {
            if (expected[axis] >= 0 && expected[axis] != actual[axis])
                return false;
        }
        return true;
    }

    private static string Notation(int[] shape) => $"[{string.Join(", ", shape.Select(length => length < 0 ? "?" : $"{length}"))}]";
}
