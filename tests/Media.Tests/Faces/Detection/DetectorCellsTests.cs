using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Media.Faces.Detection;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

public sealed class DetectorCellsTests
{
    private const int Grid = 4;
    private static readonly Box Region = new(100, 50, 228, 178);

    [Fact]
    public void Decode_OneSureCell_GivesItsBoxInPictureCoordinates()
    {
        // Anchor 2 in row 1, column 3: centre of the cell, twice the anchor's width, the anchor's height.
        var cells = Empty();
        Set(cells, anchor: 2, number: 2, (float)Math.Log(2));
        Set(cells, anchor: 2, number: 4, 3);
        var face = Assert.Single(DetectorCells.Decode(cells, Grid, Region, 0.5));
        Assert.Equal(1 / (1 + Math.Exp(-3)), face.Score, 9);
        Assert.Equal(100 + 3.5 * 32, (face.Box.Left + face.Box.Right) / 2, 6);
        Assert.Equal(50 + 1.5 * 32, (face.Box.Top + face.Box.Bottom) / 2, 6);
        Assert.Equal(2 * 2.882459 * 32, face.Box.Width, 4);
        Assert.Equal(3.518061 * 32, face.Box.Height, 4);
    }

    [Fact]
    public void Decode_ScoreAtTheThreshold_IsNoFace()
    {
        var cells = Empty();
        Set(cells, anchor: 0, number: 4, 0);
        Assert.Empty(DetectorCells.Decode(cells, Grid, Region, 0.5));
    }

    [Fact]
    public void Suppress_OverlappingCandidates_KeepsTheBest()
    {
        var best = new FaceCandidate(new Box(0, 0, 10, 10), 0.9);
        var same = new FaceCandidate(new Box(1, 1, 11, 11), 0.8);
        var other = new FaceCandidate(new Box(20, 0, 30, 10), 0.7);
        Assert.Equal([best, other], FaceCandidate.Suppress([other, same, best], 0.4));
    }

    [Theory, InlineData(0, 0, 10, 10, 1), InlineData(5, 0, 15, 10, 1.0 / 3), InlineData(10, 0, 20, 10, 0), InlineData(30, 30, 40, 40, 0)]
    public void Overlap_OfTwoBoxes_IsIntersectionOverUnion(double left, double top, double right, double bottom, double expected) =>
        Assert.Equal(expected, new Box(0, 0, 10, 10).Overlap(new Box(left, top, right, bottom)), 12);

    private static float[] Empty()
    {
        var cells = new float[25 * Grid * Grid];
        for (var anchor = 0; anchor < 5; anchor++)
            cells.AsSpan((5 * anchor + 4) * Grid * Grid, Grid * Grid).Fill(-9);
        return cells;
    }

    private static void Set(float[] cells, int anchor, int number, float value) =>
        cells[(5 * anchor + number) * Grid * Grid + 1 * Grid + 3] = value;
}
