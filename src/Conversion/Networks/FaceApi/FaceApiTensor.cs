using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>One weight of a face-api model, in its TensorFlow layout. Quantised values stand for <c>byte·Scale + Minimum</c>.</summary>
/// <param name="Name">Slash-separated, as in the manifest.</param>
/// <param name="Shape">TensorFlow's: convolutions are <c>[kH, kW, in, out]</c>.</param>
/// <param name="Stored">The stored numbers: whole ones 0 … 255 when <paramref name="IsQuantised"/>, else the values themselves.</param>
/// <param name="IsQuantised">Whether the file holds bytes.</param>
/// <param name="Scale">Distance of two neighbouring bytes; 1 when not quantised.</param>
/// <param name="Minimum">Value of byte 0; 0 when not quantised.</param>
public sealed record FaceApiTensor(string Name, TensorShape Shape, float[] Stored, bool IsQuantised, double Scale, double Minimum)
{
    /// <summary>The values, rounded once from double precision as TensorFlow.js does.</summary>
    public float[] ToValues() => IsQuantised ? Array.ConvertAll(Stored, value => (float)(value * Scale + Minimum)) : Stored;

    /// <summary>The same weight with its axes permuted.</summary>
    public FaceApiTensor Permute(params int[] axes)
    {
        var shape = new TensorShape([.. axes.Select(axis => Shape[axis])]);
        var strides = new int[Shape.Rank];
        for (int axis = Shape.Rank - 1, stride = 1; axis >= 0; stride *= Shape[axis], axis--)
            strides[axis] = stride;
        var permuted = new float[Stored.Length];
        var index = new int[axes.Length];
        for (var i = 0; i < permuted.Length; i++)
        {
            var source = 0;
            for (var axis = 0; axis < axes.Length; axis++)
                source += index[axis] * strides[axes[axis]];
            permuted[i] = Stored[source];
            for (var axis = axes.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }

        return this with { Shape = shape, Stored = permuted };
    }
}
