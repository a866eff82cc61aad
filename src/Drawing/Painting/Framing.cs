namespace HunyuanPortrait.Drawing.Painting;

/// <summary>How much of the frame a head at rest fills. The default is a face crop with some collar, as the pipeline's own crops are.</summary>
/// <param name="HeadHeight">From chin to crown, without hair, as a share of the frame; in (0, 1].</param>
/// <param name="CentreY">The head's middle, as a share of the frame's height.</param>
public sealed record Framing(float HeadHeight = 0.73f, float CentreY = 0.51f)
{
    /// <summary>A face crop.</summary>
    public static Framing FaceCrop { get; } = new();
}
