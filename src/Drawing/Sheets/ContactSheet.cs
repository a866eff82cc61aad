using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;

namespace HunyuanPortrait.Drawing.Sheets;

/// <summary>Pictures in rows and columns, for the eye.</summary>
public static class ContactSheet
{
    private const int Gap = 2;

    /// <summary>One row a person, one column a motion.</summary>
    /// <param name="identities">Rows.</param>
    /// <param name="motions">Columns.</param>
    /// <param name="size">Side of one picture, pixels.</param>
    /// <param name="framing">How large heads are; a face crop when null.</param>
    public static RgbImage Draw(IReadOnlyList<Identity> identities, IReadOnlyList<Motion> motions, int size, Framing? framing = null)
    {
        var sheet = RgbImage.Black(motions.Count * (size + Gap) - Gap, identities.Count * (size + Gap) - Gap);
        sheet.Pixels.Span.Fill(byte.MaxValue);
        for (var row = 0; row < identities.Count; row++)
        {
            for (var column = 0; column < motions.Count; column++)
                Place(PortraitPainter.Paint(identities[row], motions[column], size, framing).Picture, sheet, column * (size + Gap), row * (size + Gap));
        }

        return sheet;
    }

    /// <summary>Copies a picture into a larger one.</summary>
    public static void Place(RgbImage picture, RgbImage sheet, int x, int y)
    {
        for (var line = 0; line < picture.Height; line++)
            picture.Row(line).CopyTo(sheet.Row(y + line)[(x * RgbImage.Channels)..]);
    }
}
