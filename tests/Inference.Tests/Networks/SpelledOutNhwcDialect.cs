using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Inference.Tests.Networks;

/// <summary>
/// The CUDA dialect with every fused operator replaced by standard ones of the same inputs, layout and meaning, as their published definitions have
/// it: topology, layouts and weights of the CUDA graphs can so be run where there is no CUDA provider.
/// </summary>
internal sealed class SpelledOutNhwcDialect(GraphBuilder graph, Weights weights) : CudaNhwcDialect(graph, weights)
{
    protected override Value FusedGroupNorm(Value maps, Value? rows, (Value Gamma, Value Beta) affine, NormSpec spec)
    {
        var channels = maps[3];
        if (rows is not null)
            maps = Graph.Add(maps, Graph.Reshape(rows, rows[0], 1, 1, channels));
        var first = Graph.Transpose(maps, 0, 3, 1, 2);
        var normed = Graph.Node("GroupNormalization", first.Dims, [first, affine.Gamma, affine.Beta], ("num_groups", spec.Groups), ("epsilon", spec.Epsilon));
        var last = Graph.Transpose(normed, 0, 2, 3, 1);
        return spec.Silu ? Graph.Silu(last) : last;
    }

    protected override (Value Sum, Value Normed) FusedSumLayerNorm(Value a, Value b, (Value Gamma, Value Beta) affine, float epsilon)
    {
        var sum = Graph.Add(a, b);
        return (sum, Graph.LayerNormalization(sum, affine.Gamma, affine.Beta, epsilon));
    }

    protected override Value FusedGeglu(Value rows, Value bias)
    {
        var halves = Graph.Split(Graph.Add(rows, bias), 2, rows[2] / 2, rows[2] / 2);
        return Graph.Mul(halves[0], Graph.Elementwise("Gelu", halves[1]));
    }

    protected override Value FusedAttention(Value query, Value key, Value value, int heads) =>
        Graph.Node("Attention", query.Dims, [query, key, value], ("q_num_heads", heads), ("kv_num_heads", heads));

    protected override Value FusedConv(Value x, Value weight, Value? bias, ConvGeometry geometry) =>
        Graph.Transpose(Graph.Conv(Graph.Transpose(x, 0, 3, 1, 2), Graph.Transpose(weight, 0, 3, 1, 2), bias, geometry), 0, 2, 3, 1);
}
