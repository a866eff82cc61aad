using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Drawing.Sheets;
using HunyuanPortrait.Evaluation.Variants;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Evaluation.Reports;

/// <summary>What the model made, beside what it should have made, for the eye.</summary>
public static class PictureSheet
{
    private const int Cell = 128;
    private const int Gap = 2;
    private const int RowsPerClip = 3;

    private static readonly (string Caption, Variant Variant)[] Columns =
    [
        ("portrait", Variant.PortraitHeld), ("driver", Variant.DrivingCopied), ("truth", Variant.Truth), ("truth through the VAE", Variant.Vae),
        ("model", Variant.Model), ("motion guidance 0", Variant.MotionDropped), ("portrait dropped", Variant.AppearanceDropped), ("windows one by one", Variant.SeparateWindows),
    ];

    /// <summary>What the columns show.</summary>
    public static IReadOnlyList<string> Captions { get; } = [.. Columns.Select(column => column.Caption)];

    /// <summary>Three moments of every clip, one below the other; white where a clip has no such picture.</summary>
    public static RgbImage Draw(EvaluationResult result)
    {
        var rows = result.Clips.SelectMany(clip => Moments(clip.Material.Truth.Count).Select(frame => (Clip: clip, Frame: frame))).ToArray();
        var sheet = RgbImage.Black(Columns.Length * (Cell + Gap) - Gap, rows.Length * (Cell + Gap) - Gap);
        sheet.Pixels.Span.Fill(byte.MaxValue);
        var resizer = new PillowResizer();
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < Columns.Length; column++)
            {
                if (rows[row].Clip.Outputs.TryGetValue(Columns[column].Variant, out var pictures))
                    ContactSheet.Place(resizer.Resize(pictures[rows[row].Frame], Cell, Cell, ResampleFilter.Bicubic), sheet, column * (Cell + Gap), row * (Cell + Gap));
            }
        }

        return sheet;
    }

    private static IEnumerable<int> Moments(int frames) => Enumerable.Range(1, RowsPerClip).Select(part => part * (frames - 1) / RowsPerClip).Distinct();
}
