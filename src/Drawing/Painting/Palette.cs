using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>A person's colours as its style renders them.</summary>
internal sealed class Palette
{
    private static readonly Tint Paper = Tint.FromHex(0xFBF5E8);
    private static readonly Tint Shadow = Tint.FromHex(0x5A2440);
    private static readonly Tint Sun = Tint.FromHex(0xFFF3D6);

    public Palette(Identity person, Finish finish)
    {
        Skin = Washed(person.Skin.Colour, finish.Wash * 0.55f);
        SkinShade = Skin.Mix(Shadow, 0.26f).Darker(0.1f);
        SkinLight = Skin.Mix(Sun, 0.42f);
        Ink = person.Skin.Colour.Luma > 0.5f ? Tint.FromHex(0x33241F) : Tint.FromHex(0x1C1311);
        Hair = Washed(person.Hair.Colour, finish.Wash * 0.6f);
        HairShade = Hair.Darker(0.32f).Mix(Shadow, 0.08f);
        HairLight = Hair.Mix(Sun, Hair.Luma < 0.25f ? 0.22f : 0.34f);
        Lips = Washed(person.Mouth.Lips, finish.Wash * 0.6f);
        Brow = Washed(person.Brows.Colour, finish.Wash * 0.2f);
        Beard = Washed(person.FacialHair.Colour, finish.Wash * 0.6f);
        Cloth = Washed(person.Clothes.Colour, finish.Wash);
        Trim = Washed(person.Clothes.Trim, finish.Wash);
        Iris = Washed(person.Eyes.Iris, finish.Wash * 0.2f);
        Backdrop = Washed(person.Backdrop.First, finish.Wash * 1.3f);
        BackdropOther = Washed(person.Backdrop.Second, finish.Wash * 1.3f);
    }

    public Tint Skin { get; }

    public Tint SkinShade { get; }

    public Tint SkinLight { get; }

    public Tint Ink { get; }

    public Tint Hair { get; }

    public Tint HairShade { get; }

    public Tint HairLight { get; }

    public Tint Lips { get; }

    public Tint Brow { get; }

    public Tint Beard { get; }

    public Tint Cloth { get; }

    public Tint Trim { get; }

    public Tint Iris { get; }

    public Tint Backdrop { get; }

    public Tint BackdropOther { get; }

    private static Tint Washed(Tint tint, float share) => tint.Mix(Paper, MathF.Min(share, 0.9f));
}
