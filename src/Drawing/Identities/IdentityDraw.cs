namespace HunyuanPortrait.Drawing.Identities;

/// <summary>The distributions behind <see cref="Identity.FromNumber"/>.</summary>
internal static class IdentityDraw
{
    private static readonly Tint[] SkinTones =
    [
        Tint.FromHex(0xFBE0CF), Tint.FromHex(0xF6D2B8), Tint.FromHex(0xF0C3A0), Tint.FromHex(0xE8B48C), Tint.FromHex(0xDFA478),
        Tint.FromHex(0xCF9165), Tint.FromHex(0xBB7B50), Tint.FromHex(0xA4683F), Tint.FromHex(0x8A5433), Tint.FromHex(0x6F4229),
    ];

    private static readonly Tint[] HairColours =
    [
        Tint.FromHex(0x1E1A1B), Tint.FromHex(0x2E211C), Tint.FromHex(0x47301F), Tint.FromHex(0x6A4426), Tint.FromHex(0x8C5A2E),
        Tint.FromHex(0xA8482A), Tint.FromHex(0xC9853F), Tint.FromHex(0xDFB35E), Tint.FromHex(0xEFD79A), Tint.FromHex(0x8E8E92),
        Tint.FromHex(0xD9D8D6),
    ];

    private static readonly float[] HairColourWeights = [2, 2, 2, 2, 1.5f, 1.5f, 1.2f, 1.5f, 1, 0.8f, 0.7f];

    private static readonly Tint[] IrisColours =
    [
        Tint.FromHex(0x5A3820), Tint.FromHex(0x7A4E28), Tint.FromHex(0x3D6FB0), Tint.FromHex(0x5A9BC8), Tint.FromHex(0x4E8A52),
        Tint.FromHex(0x8A8F3A), Tint.FromHex(0x708090), Tint.FromHex(0xB0752A), Tint.FromHex(0x6A57A8),
    ];

    private static readonly float[] IrisWeights = [2.5f, 2, 2, 1.5f, 1.8f, 1, 1, 1, 0.4f];

    public static Identity FromNumber(uint number)
    {
        var style = (RenderingStyle)new FactorDraws(number, DrawPurpose.Style).Below(4);
        var skin = Skin(new FactorDraws(number, DrawPurpose.Skin));
        // One factor moves jaw, lips, lashes and hair together, as they go in people; it decides nothing alone.
        var softness = new FactorDraws(number, DrawPurpose.Style, 1).Unit();
        var hair = Hair(new FactorDraws(number, DrawPurpose.Hair), softness);
        var eyes = Eyes(new FactorDraws(number, DrawPurpose.Eyes), softness);
        var nose = Nose(new FactorDraws(number, DrawPurpose.Nose), softness);
        return new Identity(
            number, style, skin, Face(new FactorDraws(number, DrawPurpose.Face), softness), hair, eyes,
            Brows(new FactorDraws(number, DrawPurpose.Brows), softness, hair, skin), nose,
            Mouth(new FactorDraws(number, DrawPurpose.Mouth), softness, skin, eyes.Height + nose.Length),
            FacialHair(new FactorDraws(number, DrawPurpose.FacialHair), softness, hair),
            Accessories(new FactorDraws(number, DrawPurpose.Accessories), softness), Clothes(new FactorDraws(number, DrawPurpose.Clothes)),
            Backdrop(new FactorDraws(number, DrawPurpose.Backdrop)));
    }

    private static Skin Skin(FactorDraws draws)
    {
        var tone = draws.Between(0, SkinTones.Length - 1);
        var colour = SkinTones[(int)tone].Mix(SkinTones[(int)tone + 1], tone - (int)tone);
        colour = colour.Mix(Tint.FromHsl(draws.Between(0.02f, 0.11f), 0.6f, colour.Luma), draws.Between(0, 0.25f));
        return new Skin(colour, draws.Between(0.1f, 1), draws.Chance(0.25f) ? draws.Between(0.3f, 1) : 0);
    }

    private static FaceShape Face(FactorDraws draws, float softness) => new(
        draws.Between(0.67f, 0.85f),
        draws.Between(1.9f, 3.2f) - 0.45f * softness,
        draws.Between(1.4f, 2.3f) - 0.15f * softness,
        draws.Bell(0.19f, 0.28f),
        draws.Bell(0.36f, 0.48f) - 0.07f * softness);

    private static Hair Hair(FactorDraws draws, float softness)
    {
        ReadOnlySpan<float> shortish = [0.8f, 1, 2, 1.6f, 1.3f, 1.3f, 0.8f, 0.4f, 0.4f, 0.3f, 0.4f, 0.3f, 0];
        ReadOnlySpan<float> longish = [0.1f, 0.2f, 0.7f, 0.4f, 0.4f, 0.9f, 1, 2, 2, 2, 1.6f, 1.4f, 1.2f];
        var cut = (HairCut)draws.Weighted(draws.Chance(softness) ? longish : shortish);
        ReadOnlySpan<float> fringes = cut switch
        {
            HairCut.Quiff => [1, 0, 0, 0, 0.3f],
            HairCut.Buzz => [1, 0, 0, 0, 0.8f],
            HairCut.Short => [0.8f, 0.5f, 1.3f, 0.3f, 0.5f],
            HairCut.Afro => [1, 0, 0, 0, 0],
            HairCut.Curly or HairCut.Spiky => [1, 0.8f, 0.6f, 0, 0.3f],
            HairCut.Bob or HairCut.Long or HairCut.Wavy => [0.3f, 1.2f, 1.2f, 1.3f, 0],
            _ => [0.8f, 0.8f, 0.8f, 0.8f, 0],
        };
        var fringe = (Fringe)draws.Weighted(fringes);
        var natural = HairColours[draws.Weighted(HairColourWeights)];
        var colour = draws.Chance(0.1f)
            ? Tint.FromHsl(draws.Unit(), draws.Between(0.45f, 0.75f), draws.Between(0.35f, 0.65f))
            : natural.Mix(HairColours[draws.Below(8)], draws.Between(0, 0.25f));
        return new Hair(cut, fringe, colour, draws.Unit(), draws.Unit(), draws.Chance(0.5f) ? 1 : -1);
    }

    private static Eyes Eyes(FactorDraws draws, float softness)
    {
        var iris = IrisColours[draws.Weighted(IrisWeights)].Mix(IrisColours[draws.Below(IrisColours.Length)], draws.Between(0, 0.2f));
        var halfWidth = draws.Bell(0.2f, 0.235f) + 0.015f * softness;
        return new Eyes(
            iris, draws.Bell(0.335f, 0.4f) + 0.3f * (halfWidth - 0.2f), draws.Bell(0.03f, 0.13f), halfWidth, draws.Bell(0.8f, 1.2f) + 0.1f * softness,
            draws.Bell(-0.16f, 0.24f), draws.Bell(0.5f, 0.62f), Math.Clamp(softness * 1.4f - 0.4f + draws.Between(-0.2f, 0.2f), 0, 1),
            softness > 0.5f && draws.Chance(0.45f) ? draws.Between(0.4f, 1) : 0);
    }

    private static Brows Brows(FactorDraws draws, float softness, Hair hair, Skin skin)
    {
        var colour = hair.Colour.Darker(draws.Between(0.15f, 0.4f));
        // Brows carry expression: they stay visible on any skin.
        if (MathF.Abs(colour.Luma - skin.Colour.Luma) < 0.22f)
            colour = colour.Mix(Tint.FromHex(0x2A1B14), 0.65f);
        return new Brows(colour, draws.Bell(0.045f, 0.1f) - 0.02f * softness, draws.Bell(0.01f, 0.09f), draws.Bell(-0.06f, 0.045f), draws.Bell(0.27f, 0.34f));
    }

    private static Nose Nose(FactorDraws draws, float softness) => new(
        draws.Bell(0.26f, 0.4f), draws.Bell(0.11f, 0.2f) - 0.02f * softness, draws.Bell(0.12f, 0.24f), draws.Bell(0.045f, 0.075f));

    private static Mouth Mouth(FactorDraws draws, float softness, Skin skin, float noseFoot)
    {
        var natural = skin.Colour.Mix(Tint.FromHex(0xB0404A), draws.Between(0.35f, 0.6f));
        var worn = Tint.FromHsl((draws.Between(-0.07f, 0.03f) + 1) % 1, draws.Between(0.5f, 0.75f), draws.Between(0.32f, 0.5f));
        var lips = softness > 0.55f && draws.Chance(0.5f) ? natural.Mix(worn, 0.75f) : natural;
        return new Mouth(
            lips, MathF.Max(draws.Bell(0.58f, 0.66f), noseFoot + 0.19f), draws.Bell(0.22f, 0.32f), draws.Bell(0.035f, 0.075f) + 0.015f * softness,
                draws.Bell(0.05f, 0.1f) + 0.015f * softness);
    }

    private static FacialHair FacialHair(FactorDraws draws, float softness, Hair hair)
    {
        var wears = softness < 0.5f && draws.Chance(0.6f);
        var beard = wears ? (Beard)draws.Weighted([0.8f, 0.9f, 0.9f, 0.5f, 1.3f]) : Beard.None;
        var moustache = wears ? (Moustache)draws.Weighted(beard is Beard.Full ? [0.2f, 0, 1.4f, 0.5f] : [1, 0.4f, 0.8f, 0.4f]) : Moustache.None;
        return new FacialHair(beard, moustache, hair.Colour.Darker(draws.Between(0.05f, 0.3f)), draws.Unit());
    }

    private static Accessories Accessories(FactorDraws draws, float softness)
    {
        var glasses = draws.Chance(0.25f) ? (Glasses)(1 + draws.Below(softness > 0.5f ? 3 : 2)) : Glasses.None;
        Tint[] frames = [Tint.FromHex(0x1B1B1F), Tint.FromHex(0x5A3520), Tint.FromHex(0xB08D3C), Tint.FromHex(0x8A1F2B), Tint.FromHex(0x244A6B),
            Tint.FromHex(0x8E9297)];
        Tint[] metals = [Tint.FromHex(0xE0B84A), Tint.FromHex(0xD7DCE2), Tint.FromHex(0xC0394B), Tint.FromHex(0x3BA6A0), Tint.FromHex(0xF4F1EA)];
        var earrings = draws.Chance(0.1f + 0.4f * softness) ? (Earrings)(1 + draws.Below(3)) : Earrings.None;
        return new Accessories(glasses, draws.Of<Tint>(frames), draws.Unit(), earrings, draws.Of<Tint>(metals));
    }

    private static Clothes Clothes(FactorDraws draws)
    {
        var colour = Tint.FromHsl(draws.Unit(), draws.Between(0.1f, 0.65f), draws.Between(0.2f, 0.75f));
        var trim = draws.Chance(0.5f) ? colour.Luma > 0.5f ? colour.Darker(0.45f) : colour.Lighter(0.55f) : Tint.FromHsl(draws.Unit(), 0.4f,
            draws.Between(0.3f, 0.85f));
        return new Clothes((Garment)draws.Below(5), colour, trim, draws.Chance(0.2f), draws.Bell(1.15f, 1.5f));
    }

    private static Backdrop Backdrop(FactorDraws draws)
    {
        var hue = draws.Unit();
        var lightness = draws.Between(0.35f, 0.88f);
        var first = Tint.FromHsl(hue, draws.Between(0.1f, 0.42f), lightness);
        var second = Tint.FromHsl((hue + draws.Between(-0.08f, 0.08f) + 1) % 1, draws.Between(0.12f, 0.42f),
            Math.Clamp(lightness + (draws.Chance(0.5f) ? 0.16f : -0.16f), 0.2f, 0.93f));
        return new Backdrop((BackdropKind)draws.Weighted([1, 1, 0, 0, 0]), first, second);
    }
}
