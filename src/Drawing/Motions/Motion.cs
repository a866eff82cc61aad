namespace HunyuanPortrait.Drawing.Motions;

/// <summary>Pose and expression of one picture. Left and right are the picture's.</summary>
/// <param name="Yaw">Radians; positive turns the nose to the picture's right. ±0.6.</param>
/// <param name="Pitch">Radians; positive looks down. ±0.4.</param>
/// <param name="Roll">Radians; positive turns clockwise. ±0.4.</param>
/// <param name="ShiftX">To the right, in picture widths. ±0.12.</param>
/// <param name="ShiftY">Downwards, in picture heights. ±0.12.</param>
/// <param name="Scale">Size of person over the framing's. 0.85 to 1.15.</param>
/// <param name="LeftEye">0 closed to 1 wide open; 0.8 at rest.</param>
/// <param name="RightEye">0 closed to 1 wide open; 0.8 at rest.</param>
/// <param name="GazeX">−1 left to 1 right.</param>
/// <param name="GazeY">−1 up to 1 down.</param>
/// <param name="BrowRaise">0 to 1.</param>
/// <param name="BrowFrown">0 to 1.</param>
/// <param name="Jaw">0 closed to 1 wide open.</param>
/// <param name="MouthWidth">−1 pursed to 1 stretched.</param>
/// <param name="Smile">−1 corners down to 1 corners up.</param>
public sealed record Motion(
    float Yaw, float Pitch, float Roll, float ShiftX, float ShiftY, float Scale, float LeftEye, float RightEye, float GazeX, float GazeY,
    float BrowRaise, float BrowFrown, float Jaw, float MouthWidth, float Smile)
{
    /// <summary>Frontal, at rest, looking at the viewer.</summary>
    public static Motion Neutral { get; } = new(0, 0, 0, 0, 0, 1, 0.8f, 0.8f, 0, 0, 0, 0, 0, 0, 0.1f);

    /// <summary>The factors in the order of <see cref="MotionFactors.All"/>.</summary>
    public float[] ToVector() =>
        [Yaw, Pitch, Roll, ShiftX, ShiftY, Scale, LeftEye, RightEye, GazeX, GazeY, BrowRaise, BrowFrown, Jaw, MouthWidth, Smile];

    /// <summary>From factors in the order of <see cref="MotionFactors.All"/>.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static Motion FromVector(ReadOnlySpan<float> v) => v.Length == MotionFactors.Count
        ? new Motion(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], v[14])
        : throw new ArgumentException($"A motion has {MotionFactors.Count} factors, not {v.Length}.", nameof(v));
}
