using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Faces.Yolo;

/// <summary>What a YOLOv5-face network is given (SPEC §3.1).</summary>
public static class YoloInput
{
    private const int Alignment = 32;

    /// <summary>Size of the network's input for a picture: the shorter side near <paramref name="inputSize"/>, both rounded up to 32.</summary>
    public static (int Width, int Height) Size(int pictureWidth, int pictureHeight, int inputSize)
    {
        var ratio = (double)inputSize / Math.Min(pictureWidth, pictureHeight);
        return (Align(pictureWidth * ratio), Align(pictureHeight * ratio));
    }

    /// <summary>The resized picture, still bytes.</summary>
    public static RgbImage Resize(RgbImage picture, int inputSize)
    {
        var (width, height) = Size(picture.Width, picture.Height, inputSize);
        return new OpenCvResizer().Resize(picture, width, height);
    }

    /// <summary>Cell indices of one scale, <c>[1, 1, height/stride, width/stride, 2]</c>, as (x, y).</summary>
    public static FloatTensor Grid(int width, int height, int stride)
    {
        var (columns, rows) = (width / stride, height / stride);
        var grid = FloatTensor.Zeros(1, 1, rows, columns, 2);
        for (var i = 0; i < rows * columns; i++)
            (grid.Values[2 * i], grid.Values[2 * i + 1]) = (i % columns, i / columns);
        return grid;
    }

    private static int Align(double length) => (int)(length + Alignment - 1) / Alignment * Alignment;
}
