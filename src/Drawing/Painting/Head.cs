using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>
/// A head in space and where it appears in the picture. Head coordinates: x to the picture's right, y down from −1 (crown) to 1 (chin), z to the
/// viewer. At every height the cross-section is made of two half ellipses, the face and the back of the head; features lie on it, so turning the head
/// moves them by parallax, narrows what turns away and stops it at the silhouette.
/// </summary>
internal sealed class Head
{
    private const float FrontDepth = 0.66f;
    private const float BackDepth = 0.85f;
    private const float JawDrop = 0.17f;
    private const float Perspective = 0.09f;
    private const int Rings = 22;
    private const int Spokes = 32;
    private static readonly Vector3 Pivot = new(0, 0.45f, -0.25f);
    private readonly FaceShape shape;
    private readonly Matrix3x2 roll;
    private readonly float sinYaw, cosYaw, sinPitch, cosPitch, jaw;
    private readonly Vector2 centre;

    public Head(FaceShape shape, Motion motion, Framing framing, int size)
    {
        this.shape = shape;
        (sinYaw, cosYaw) = MathF.SinCos(motion.Yaw);
        (sinPitch, cosPitch) = MathF.SinCos(motion.Pitch);
        roll = Matrix3x2.CreateRotation(motion.Roll);
        jaw = motion.Jaw;
        Unit = 0.5f * framing.HeadHeight * size * motion.Scale;
        centre = new Vector2(0.5f + motion.ShiftX, framing.CentreY + motion.ShiftY) * size;
    }

    /// <summary>Pixels of a head unit.</summary>
    public float Unit { get; }

    /// <summary>Sine of the yaw: how far the face looks to the picture's right.</summary>
    public float Turn => sinYaw;

    /// <summary>The head's own right in the picture, one unit long.</summary>
    public Vector2 Right => Unit * new Vector2(roll.M11, roll.M12);

    /// <summary>The head's own down in the picture, one unit long.</summary>
    public Vector2 Down => Unit * new Vector2(roll.M21, roll.M22);

    /// <summary>A point of head space in the picture.</summary>
    public Vector2 Project(Vector3 point)
    {
        var p = point - Pivot;
        var (x, z) = (p.X * cosYaw + p.Z * sinYaw, p.Z * cosYaw - p.X * sinYaw);
        var (y, depth) = (p.Y * cosPitch + z * sinPitch, z * cosPitch - p.Y * sinPitch);
        var nearness = 1 / (1 - Perspective * (depth + Pivot.Z));
        return centre + Unit * Vector2.Transform(new Vector2(x, y + Pivot.Y) * nearness, roll);
    }

    /// <summary>A point on the face, lifted towards the viewer.</summary>
    public Vector2 OnFace(float x, float y, float lift = 0)
    {
        var section = At(y);
        return OnSkull(MathF.Asin(Math.Clamp(x / section.Width, -1, 1)), section, lift);
    }

    /// <summary>A point on the head; beyond the horizon it stays on the horizon.</summary>
    /// <param name="azimuth">Radians from the middle of the face to the picture's right.</param>
    /// <param name="y">Height.</param>
    /// <param name="lift">Above the skin.</param>
    public Vector2 OnSkull(float azimuth, float y, float lift = 0) => OnSkull(azimuth, At(y), lift);

    /// <summary>True where a point on the skull has to be stopped.</summary>
    public bool IsBeyondHorizon(float azimuth, float y)
    {
        var (low, high) = Horizon(y);
        return azimuth < low || azimuth > high;
    }

    /// <summary>A point on the head in head space; the jaw's opening lowers what hangs on it.</summary>
    public Vector3 InSpace(float azimuth, float y, float lift = 0) => InSpace(azimuth, At(y), lift);

    /// <summary>Half width at a height.</summary>
    public float Width(float y) => shape.HalfWidth * MathF.Max(0.02f, y < 0
        ? Superellipse(-y, 2.5f, 1 / 2.3f)
        : Superellipse(y, shape.JawFullness, 1 / shape.ChinRoundness));

    /// <summary>The outline of the skin, corners in order.</summary>
    public Vector2[] Outline() => Outline(1, 0);

    /// <summary>The outline of the head from the crown down to a height, lifted above the skin.</summary>
    public Vector2[] Outline(float lowest, float lift)
    {
        Span<Vector2> points = stackalloc Vector2[Rings * Spokes];
        for (var ring = 0; ring < Rings; ring++)
        {
            // Rings are dense at both ends, where the head is round.
            var y = lowest - (lowest + 1) * 0.5f * (1 + MathF.Cos(MathF.PI * ring / (Rings - 1)));
            var section = At(y);
            for (var spoke = 0; spoke < Spokes; spoke++)
                points[ring * Spokes + spoke] = Project(InSpace(2 * MathF.PI * spoke / Spokes, section, lift));
        }

        return ConvexHull.Around(points);
    }

    /// <summary>The azimuths at which the cross-section's outline turns away.</summary>
    public (float Low, float High) Horizon(float y) => Horizon(At(y));

    public static float Rise(float t)
    {
        var x = Math.Clamp(t, 0, 1);
        return x * x * (3 - 2 * x);
    }

    private static float Superellipse(float t, float power, float root) => t >= 1 ? 0 : MathF.Pow(1 - MathF.Pow(t, power), root);

    private static float FrontAt(float y) =>
        FrontDepth * MathF.Max(0.03f, y < 0 ? Superellipse(-y, 2.6f, 1 / 2.3f) : Superellipse(y, 4.5f, 1 / 2.2f));

    private static float BackAt(float y) =>
        BackDepth * MathF.Max(0.03f, y < 0 ? Superellipse(-y, 2.4f, 1 / 2.2f) : Superellipse(y, 1.6f, 1));

    private Section At(float y) => new(y, Width(y), FrontAt(y), BackAt(y));

    private Vector2 OnSkull(float azimuth, Section section, float lift)
    {
        var (low, high) = Horizon(section);
        return Project(InSpace(Math.Clamp(azimuth, low, high), section, lift));
    }

    private Vector3 InSpace(float azimuth, Section section, float lift)
    {
        var (sine, cosine) = MathF.SinCos(azimuth);
        var point = new Vector3(
            section.Width * sine, section.Y + JawDrop * jaw * Rise((section.Y - 0.5f) / 0.5f), (cosine >= 0 ? section.Front : section.Back) * cosine);
        if (lift == 0)
            return point;
        var round = section.Width / shape.HalfWidth;
        return point + lift * Vector3.Normalize(new Vector3(sine * round, MathF.Min(0, section.Y), cosine * round + 1e-4f));
    }

    private (float Low, float High) Horizon(Section section) => (
        -MathF.Atan2(section.Width * cosYaw, (sinYaw <= 0 ? section.Front : section.Back) * -sinYaw),
        MathF.Atan2(section.Width * cosYaw, (sinYaw >= 0 ? section.Front : section.Back) * sinYaw));

    /// <summary>A horizontal cross-section.</summary>
    private readonly record struct Section(float Y, float Width, float Front, float Back);
}
