using HunyuanPortrait.Core.Geometry;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>Reads the tiny detector's output: a YOLOv2 grid whose cells predict one box for each of five anchors.</summary>
internal static class DetectorCells
{
    /// <summary>Numbers per anchor: x, y, log width, log height, score.</summary>
    public const int NumbersPerAnchor = 5;

    // Sizes of the anchors in cells, as published with the weights.
    private static readonly (double Width, double Height)[] Anchors =
        [(1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857), (9.041765, 10.66308)];

    /// <summary>Numbers per cell.</summary>
    public static int NumbersPerCell => NumbersPerAnchor * Anchors.Length;

    /// <summary>Every prediction whose score is above the threshold.</summary>
    /// <param name="cells"><c>[25, grid, grid]</c>.</param>
    /// <param name="grid">Cells on a side.</param>
    /// <param name="region">What the grid covers, a square in picture coordinates.</param>
    /// <param name="threshold">Least score, exclusive.</param>
    public static List<FaceCandidate> Decode(ReadOnlySpan<float> cells, int grid, Box region, double threshold)
    {
        var candidates = new List<FaceCandidate>();
        var plane = grid * grid;
        for (var anchor = 0; anchor < Anchors.Length; anchor++)
        {
            var numbers = cells.Slice(anchor * NumbersPerAnchor * plane, NumbersPerAnchor * plane);
            for (var cell = 0; cell < plane; cell++)
            {
                var score = Sigmoid(numbers[4 * plane + cell]);
                if (score > threshold)
                    candidates.Add(new FaceCandidate(BoxOf(numbers, cell, grid, Anchors[anchor], region), score));
            }
        }

        return candidates;
    }

    private static Box BoxOf(ReadOnlySpan<float> numbers, int cell, int grid, (double Width, double Height) anchor, Box region)
    {
        var plane = grid * grid;
        var cellSide = region.Width / grid;
        var (row, column) = (cell / grid, cell % grid);
        var width = Math.Exp(numbers[2 * plane + cell]) * anchor.Width * cellSide;
        var height = Math.Exp(numbers[3 * plane + cell]) * anchor.Height * cellSide;
        var centreX = region.Left + (column + Sigmoid(numbers[cell])) * cellSide;
        var centreY = region.Top + (row + Sigmoid(numbers[plane + cell])) * cellSide;
        return Box.FromSize(centreX - width / 2, centreY - height / 2, width, height);
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
