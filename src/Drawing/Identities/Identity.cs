namespace HunyuanPortrait.Drawing.Identities;

/// <summary>One drawn person: everything about a picture that motion does not change. Equal numbers give equal persons, for ever.</summary>
/// <param name="Number">Which of the 2³² persons.</param>
/// <param name="Style">How it is rendered.</param>
/// <param name="Skin">Skin.</param>
/// <param name="Face">Shape of the head.</param>
/// <param name="Hair">Hair.</param>
/// <param name="Eyes">Eyes.</param>
/// <param name="Brows">Eyebrows.</param>
/// <param name="Nose">Nose.</param>
/// <param name="Mouth">Mouth.</param>
/// <param name="FacialHair">Beard and moustache.</param>
/// <param name="Accessories">Glasses and earrings.</param>
/// <param name="Clothes">Clothes.</param>
/// <param name="Backdrop">Background; replace it with <c>with</c> where another is wanted.</param>
public sealed record Identity(
    uint Number, RenderingStyle Style, Skin Skin, FaceShape Face, Hair Hair, Eyes Eyes, Brows Brows, Nose Nose, Mouth Mouth,
    FacialHair FacialHair, Accessories Accessories, Clothes Clothes, Backdrop Backdrop)
{
    /// <summary>Draws a person's factors.</summary>
    public static Identity FromNumber(uint number) => IdentityDraw.FromNumber(number);

    /// <summary>The set that this person belongs to.</summary>
    public IdentitySplit Split => IdentityNumbers.SplitOf(Number);
}
