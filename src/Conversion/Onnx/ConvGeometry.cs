namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>Strides, padding and groups of a convolution or pooling.</summary>
/// <param name="Strides">One per spatial axis.</param>
/// <param name="Pads">Leading pads of all axes, then trailing pads.</param>
/// <param name="Groups">Channel groups.</param>
public sealed record ConvGeometry(int[] Strides, int[] Pads, int Groups = 1)
{
    /// <summary>Square 2-D geometry with equal padding on all sides.</summary>
    public static ConvGeometry Square(int padding, int stride = 1) => new([stride, stride], [padding, padding, padding, padding]);

    /// <summary>Length of an output axis.</summary>
    public int OutputLength(int axis, int axes, int length, int kernel) =>
        (length + Pads[axis] + Pads[axis + axes] - kernel) / Strides[axis] + 1;
}
