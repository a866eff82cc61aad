using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Layers;

/// <summary>Sinusoidal embeddings, cosine first (SPEC §7.1).</summary>
internal static class Sinusoid
{
    /// <summary>Embeds run-time numbers <c>[R]</c> as <c>[R, width]</c>.</summary>
    public static Value Of(GraphBuilder graph, Value numbers, int width)
    {
        var angles = graph.Mul(graph.Reshape(numbers, numbers[0], 1), graph.Constant($"frequencies:{width}", [1, width / 2], Frequencies(width)));
        return graph.Concat(1, graph.Elementwise("Cos", angles), graph.Elementwise("Sin", angles));
    }

    /// <summary>Embeds 0 … count−1 as a constant <c>[count, width]</c>.</summary>
    public static Value OfPositions(GraphBuilder graph, int count, int width)
    {
        var frequencies = Frequencies(width);
        var half = width / 2;
        var values = new float[count * width];
        for (var position = 0; position < count; position++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = position * frequencies[i];
                values[position * width + i] = MathF.Cos(angle);
                values[position * width + half + i] = MathF.Sin(angle);
            }
        }

        return graph.Constant($"positions:{count}:{width}", [count, width], values);
    }

    private static float[] Frequencies(int width)
    {
        var half = width / 2;
        return [.. Enumerable.Range(0, half).Select(i => MathF.Exp(-MathF.Log(10000f) * i / half))];
    }
}
