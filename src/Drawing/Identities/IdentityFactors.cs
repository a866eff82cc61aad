namespace HunyuanPortrait.Drawing.Identities;

/// <summary>How a portrait is rendered.</summary>
public enum RenderingStyle
{
    /// <summary>Even colours, few shadows.</summary>
    Flat,

    /// <summary>Soft light from the upper left.</summary>
    Shaded,

    /// <summary>Brush strokes on canvas.</summary>
    Painted,

    /// <summary>Ink over a light wash, on paper.</summary>
    LineDrawing,
}

/// <summary>Skin.</summary>
/// <param name="Colour">In even light.</param>
/// <param name="Blush">Redness of the cheeks, 0 to 1.</param>
/// <param name="Freckles">How many: 0 none to 1 many.</param>
public sealed record Skin(Tint Colour, float Blush, float Freckles);

/// <summary>The head's shape, in units of half its height.</summary>
/// <param name="HalfWidth">At the cheekbones.</param>
/// <param name="JawFullness">Exponent of the lower face: small is pointed, large is square.</param>
/// <param name="ChinRoundness">Exponent of the chin: small is narrow, large is broad.</param>
/// <param name="EarSize">Half height of an ear.</param>
/// <param name="NeckHalfWidth">Of the neck.</param>
public sealed record FaceShape(float HalfWidth, float JawFullness, float ChinRoundness, float EarSize, float NeckHalfWidth);

/// <summary>Cuts of hair.</summary>
public enum HairCut
{
    /// <summary>None.</summary>
    Bald,

    /// <summary>Shaved to a shadow.</summary>
    Buzz,

    /// <summary>Short all around.</summary>
    Short,

    /// <summary>Short, high in front.</summary>
    Quiff,

    /// <summary>Short, in points.</summary>
    Spiky,

    /// <summary>Short curls.</summary>
    Curly,

    /// <summary>A large round mass of curls.</summary>
    Afro,

    /// <summary>To the jaw.</summary>
    Bob,

    /// <summary>Below the shoulders.</summary>
    Long,

    /// <summary>Below the shoulders, in waves.</summary>
    Wavy,

    /// <summary>Tied up on the crown.</summary>
    Bun,

    /// <summary>Tied at the back of the head.</summary>
    Ponytail,

    /// <summary>Tied at both sides.</summary>
    Pigtails,
}

/// <summary>How the hair meets the forehead.</summary>
public enum Fringe
{
    /// <summary>Combed back.</summary>
    None,

    /// <summary>Cut straight above the brows.</summary>
    Straight,

    /// <summary>To one side.</summary>
    Swept,

    /// <summary>Parted in the middle.</summary>
    Parted,

    /// <summary>Receding at the temples.</summary>
    Receding,
}

/// <summary>Hair.</summary>
/// <param name="Cut">Its cut.</param>
/// <param name="Fringe">Over the forehead.</param>
/// <param name="Colour">Of hair; brows and beard follow it.</param>
/// <param name="Volume">How far it stands off, 0 to 1.</param>
/// <param name="Length">Within the cut, 0 to 1.</param>
/// <param name="Side">−1: parted at the picture's left; +1: at its right.</param>
public sealed record Hair(HairCut Cut, Fringe Fringe, Tint Colour, float Volume, float Length, float Side);

/// <summary>Eyes.</summary>
/// <param name="Iris">Colour.</param>
/// <param name="Spacing">From the face's middle line to an eye's centre.</param>
/// <param name="Height">Vertical place; larger is lower.</param>
/// <param name="HalfWidth">Of an eye.</param>
/// <param name="Roundness">Opening over width, 0.8 narrow to 1.2 round.</param>
/// <param name="Tilt">Positive lifts the outer corner.</param>
/// <param name="IrisSize">Radius over the eye's half width.</param>
/// <param name="Lashes">0 plain to 1 long.</param>
/// <param name="Shadow">Colour on the lid, 0 none to 1.</param>
public sealed record Eyes(
    Tint Iris, float Spacing, float Height, float HalfWidth, float Roundness, float Tilt, float IrisSize, float Lashes, float Shadow);

/// <summary>Eyebrows.</summary>
/// <param name="Colour">Near the hair's.</param>
/// <param name="Thickness">At the inner end.</param>
/// <param name="Arch">Height of the bend.</param>
/// <param name="Slant">Positive lifts the outer end.</param>
/// <param name="Distance">Above the eye.</param>
public sealed record Brows(Tint Colour, float Thickness, float Arch, float Slant, float Distance);

/// <summary>Nose.</summary>
/// <param name="Length">From the eyes' line to the tip.</param>
/// <param name="HalfWidth">At the wings.</param>
/// <param name="Protrusion">Of the tip.</param>
/// <param name="Bridge">Half width between the eyes.</param>
public sealed record Nose(float Length, float HalfWidth, float Protrusion, float Bridge);

/// <summary>Mouth.</summary>
/// <param name="Lips">Colour.</param>
/// <param name="Height">Vertical place of its line.</param>
/// <param name="HalfWidth">At rest.</param>
/// <param name="UpperLip">Thickness.</param>
/// <param name="LowerLip">Thickness.</param>
public sealed record Mouth(Tint Lips, float Height, float HalfWidth, float UpperLip, float LowerLip);

/// <summary>Kinds of beards.</summary>
public enum Beard
{
    /// <summary>None.</summary>
    None,

    /// <summary>Some days old.</summary>
    Stubble,

    /// <summary>On the chin only.</summary>
    Goatee,

    /// <summary>Along the jaw.</summary>
    ChinStrap,

    /// <summary>Cheeks and chin.</summary>
    Full,
}

/// <summary>Kinds of moustaches.</summary>
public enum Moustache
{
    /// <summary>None.</summary>
    None,

    /// <summary>A narrow band.</summary>
    Pencil,

    /// <summary>Full, over the lip.</summary>
    Chevron,

    /// <summary>With lifted ends.</summary>
    Handlebar,
}

/// <summary>Beard and moustache.</summary>
/// <param name="Beard">On jaw and chin.</param>
/// <param name="Moustache">Over the mouth.</param>
/// <param name="Colour">Near the hair's.</param>
/// <param name="Length">Of a full beard, 0 to 1.</param>
public sealed record FacialHair(Beard Beard, Moustache Moustache, Tint Colour, float Length);

/// <summary>Kinds of glasses.</summary>
public enum Glasses
{
    /// <summary>None.</summary>
    None,

    /// <summary>Round lenses.</summary>
    Round,

    /// <summary>Rectangular lenses.</summary>
    Square,

    /// <summary>Lifted outer corners.</summary>
    CatEye,
}

/// <summary>Kinds of earrings.</summary>
public enum Earrings
{
    /// <summary>None.</summary>
    None,

    /// <summary>Small points.</summary>
    Studs,

    /// <summary>Rings.</summary>
    Hoops,

    /// <summary>Hanging stones.</summary>
    Drops,
}

/// <summary>What is worn on the head.</summary>
/// <param name="Glasses">On the nose.</param>
/// <param name="GlassesColour">Of the frame.</param>
/// <param name="GlassesSize">Of a lens, 0 to 1.</param>
/// <param name="Earrings">At both ears.</param>
/// <param name="EarringColour">Metal or stone.</param>
public sealed record Accessories(Glasses Glasses, Tint GlassesColour, float GlassesSize, Earrings Earrings, Tint EarringColour);

/// <summary>Cuts of clothes.</summary>
public enum Garment
{
    /// <summary>A round neck.</summary>
    Crew,

    /// <summary>A V-shaped neck.</summary>
    VNeck,

    /// <summary>A collar with points, open.</summary>
    Shirt,

    /// <summary>A high, closed neck.</summary>
    Turtleneck,

    /// <summary>A hood around the neck.</summary>
    Hoodie,
}

/// <summary>Clothes.</summary>
/// <param name="Garment">Cut.</param>
/// <param name="Colour">Main colour.</param>
/// <param name="Trim">Collar, stripes.</param>
/// <param name="IsStriped">With stripes across.</param>
/// <param name="Width">Half the width of the shoulders.</param>
public sealed record Clothes(Garment Garment, Tint Colour, Tint Trim, bool IsStriped, float Width);

/// <summary>Kinds of backgrounds.</summary>
public enum BackdropKind
{
    /// <summary>One colour.</summary>
    Plain,

    /// <summary>From one colour to another, top to bottom.</summary>
    Gradient,

    /// <summary>Bright behind the head, dark at the corners.</summary>
    Vignette,

    /// <summary>Two colours, divided.</summary>
    Split,

    /// <summary>Soft round lights.</summary>
    Lights,
}

/// <summary>Background.</summary>
/// <param name="Kind">Pattern.</param>
/// <param name="First">Main colour.</param>
/// <param name="Second">Other colour.</param>
public sealed record Backdrop(BackdropKind Kind, Tint First, Tint Second);
