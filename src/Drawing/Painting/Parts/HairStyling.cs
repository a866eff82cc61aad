using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>The measures of a cut: how far it stands off, how low it falls, and where its front edge runs.</summary>
/// <param name="Lift">Above the skin.</param>
/// <param name="Lowest">Where the part that lies on the head ends.</param>
/// <param name="Fall">Where loose hair ends; NaN when none falls.</param>
internal sealed record HairStyling(float Lift, float Lowest, float Fall)
{
    private Identity Person { get; init; } = null!;

    public static HairStyling Of(Identity person)
    {
        var hair = person.Hair;
        var (lift, lowest, fall) = hair.Cut switch
        {
            HairCut.Buzz => (0.015f, 0.1f, float.NaN),
            HairCut.Curly => (0.1f + 0.06f * hair.Volume, 0.1f, float.NaN),
            HairCut.Afro => (0.26f + 0.14f * hair.Volume, 0.3f, float.NaN),
            HairCut.Bob => (0.1f + 0.07f * hair.Volume, 0.3f, 0.62f + 0.4f * hair.Length),
            HairCut.Long => (0.08f + 0.07f * hair.Volume, 0.3f, 1.45f + 0.6f * hair.Length),
            HairCut.Wavy => (0.12f + 0.08f * hair.Volume, 0.3f, 1.3f + 0.6f * hair.Length),
            HairCut.Bun or HairCut.Ponytail or HairCut.Pigtails => (0.05f + 0.03f * hair.Volume, 0.2f, float.NaN),
            _ => (0.06f + 0.06f * hair.Volume, 0.12f, float.NaN),
        };
        return new HairStyling(lift, lowest, fall) { Person = person };
    }

    public bool Falls => !float.IsNaN(Fall);

    public bool IsCurly => Person.Hair.Cut is HairCut.Curly or HairCut.Afro;

    public bool HidesEars => Falls;

    /// <summary>Height of the front edge at an azimuth: forehead, temples, in front of the ear, above it, down to the nape.</summary>
    public float Edge(float azimuth)
    {
        var reach = MathF.Abs(azimuth);
        var forehead = Forehead(azimuth);
        if (reach <= 0.85f)
            return forehead;
        var isTied = Person.Hair.Cut is HairCut.Bun or HairCut.Ponytail or HairCut.Pigtails;
        var burn = Falls || isTied ? -0.05f : 0.06f + 0.12f * Person.Hair.Length;
        return reach switch
        {
            < 1.15f => Between(forehead, -0.2f, (reach - 0.85f) / 0.3f),
            < 1.3f => Between(-0.2f, burn, (reach - 1.15f) / 0.15f),
            < 1.4f => burn,
            < 1.52f => Between(burn, -0.12f, (reach - 1.4f) / 0.12f),
            < 1.7f => -0.12f,
            _ => Between(-0.12f, 0.5f, (reach - 1.7f) / 0.8f),
        };
    }

    private float Forehead(float azimuth)
    {
        var reach = MathF.Abs(azimuth);
        var above = MathF.Min(-0.2f, Person.Eyes.Height - Person.Brows.Distance - Person.Brows.Arch - 0.05f);
        switch (Person.Hair.Fringe)
        {
            case Fringe.Straight:
                return above - 0.025f * MathF.Abs(MathF.Sin(7 * azimuth)) + 0.03f * reach;
            case Fringe.Swept:
                var along = 0.5f + 0.5f * azimuth * Person.Hair.Side / 0.85f;
                return along > 0.72f ? Between(-0.66f, -0.5f, (along - 0.72f) / 0.28f) : Between(above - 0.02f, -0.66f, MathF.Pow(Math.Max(0, along) / 0.72f, 1.6f));
            case Fringe.Parted:
                return Between(-0.7f, above + 0.06f, MathF.Pow(reach / 0.85f, 1.2f));
            case Fringe.Receding:
                return -0.66f - 0.16f * Between(0, 1, reach / 0.45f) + 0.28f * Between(0, 1, (reach - 0.5f) / 0.35f);
            default:
                return -0.62f + 0.04f * reach;
        }
    }

    private static float Between(float from, float to, float t) => from + (to - from) * Head.Rise(t);
}
