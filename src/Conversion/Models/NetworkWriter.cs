using System.Globalization;
using System.Security.Cryptography;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Models;

/// <summary>How graphs are written.</summary>
public enum GraphDialect
{
    /// <summary>Standard operators, fp32 arithmetic: CPUs, TensorRT.</summary>
    Portable,

    /// <summary>The CUDA provider's fused operators, NHWC; arithmetic in the import's precision.</summary>
    CudaNhwc,
}

/// <summary>Writes all graphs of one checkpoint with their shared external data, one tensor in memory at a time.</summary>
/// <param name="dialect">Form of the nodes.</param>
/// <param name="storage">Element type of the stored weights.</param>
public sealed class NetworkWriter(GraphDialect dialect, TensorType storage)
{
    /// <summary>Everything in a checkpoint that does not fit the architecture: missing, mis-shaped and surplus names, one line each.</summary>
    public static IReadOnlyList<string> FindProblems(ICheckpoint checkpoint, IEnumerable<NetworkPlan> plans)
    {
        var weights = new Weights(checkpoint);
        foreach (var plan in plans)
            plan.Build(new PortableDialect(new GraphBuilder(plan.Name), weights));
        return weights.FindProblems();
    }

    /// <summary>Writes graphs and external data. Check with <see cref="FindProblems"/> first.</summary>
    /// <param name="directory">Model directory.</param>
    /// <param name="label">Label of the checkpoint; names the external data file.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="plans">The graphs that this checkpoint feeds.</param>
    /// <returns>Descriptions by network name.</returns>
    public IReadOnlyDictionary<string, NetworkFile> Write(string directory, string label, ICheckpoint checkpoint, IReadOnlyList<NetworkPlan> plans)
    {
        var dataName = $"{label}.weights";
        var graphs = new List<(NetworkPlan Plan, GraphBuilder Builder)>();
        using (var data = new ExternalDataFile(Path.Combine(directory, dataName)))
        {
            foreach (var plan in plans)
            {
                var builder = new GraphBuilder(plan.Name, plan.NominalFreeLength);
                plan.Build(DialectFor(plan, builder, checkpoint));
                File.WriteAllBytes(Path.Combine(directory, FileName(plan)), OnnxWriter.ToBytes(builder, data));
                graphs.Add((plan, builder));
            }
        }

        var dataHash = HashFile(directory, dataName);
        return graphs.ToDictionary(graph => graph.Plan.Name, graph => new NetworkFile(
            FileName(graph.Plan),
            dataName,
            new Dictionary<string, string> { [FileName(graph.Plan)] = HashFile(directory, FileName(graph.Plan)), [dataName] = dataHash },
            graph.Builder.Flops,
            graph.Builder.NodeCount));
    }

    private PortableDialect DialectFor(NetworkPlan plan, GraphBuilder builder, ICheckpoint checkpoint)
    {
        var compute = dialect == GraphDialect.CudaNhwc && !plan.ComputesInSingle ? storage : TensorType.Float;
        var weights = new Weights(checkpoint, storage, compute);
        return dialect == GraphDialect.CudaNhwc && !plan.ComputesInSingle ? new CudaNhwcDialect(builder, weights) : new PortableDialect(builder, weights);
    }

    private static string FileName(NetworkPlan plan) => string.Create(CultureInfo.InvariantCulture, $"{plan.Name}.onnx");

    private static string HashFile(string directory, string name)
    {
        using var stream = File.OpenRead(Path.Combine(directory, name));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
