using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>What a rendering style does with colours and edges.</summary>
/// <param name="InkWidth">Of outlines in head units; 0 for none.</param>
/// <param name="HasLight">Gradients instead of even colours.</param>
/// <param name="HasBrushwork">Visible strokes.</param>
/// <param name="Wash">Share of paper in every colour.</param>
internal sealed record Finish(float InkWidth, bool HasLight, bool HasBrushwork, float Wash)
{
    public static Finish Of(RenderingStyle style) => style switch
    {
        RenderingStyle.Shaded => new(0, true, false, 0),
        RenderingStyle.Painted => new(0, true, true, 0),
        RenderingStyle.LineDrawing => new(0.03f, false, false, 0.42f),
        _ => new(0, false, false, 0),
    };

    public bool HasInk => InkWidth > 0;
}
