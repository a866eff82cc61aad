using System.Collections.Immutable;
using System.Globalization;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Chaos.Histories;

/// <summary>One window that a segment was blended from.</summary>
/// <param name="Window">Its position in the step's plan; −1 when it is none.</param>
/// <param name="Key">Its artifact.</param>
internal readonly record struct BlendPart(int Window, string Key);

/// <summary>A note that a segment was blended; its detail is <c>window=key window=key …</c> in the order of blending.</summary>
internal sealed class BlendNote
{
    public BlendNote(ProcessNote note)
    {
        Note = note;
        Place = PlaceOf(note.Entry.Task);
        Parts = [.. (note.Entry.Detail ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    public ProcessNote Note { get; }

    public SegmentLatents Place { get; }

    public ImmutableArray<BlendPart> Parts { get; }

    /// <summary>Segments are noted by step and segment.</summary>
    public static SegmentLatents PlaceOf(TaskId task) => new(task.Index, task.Step);

    private static BlendPart Parse(string part)
    {
        var (window, key) = part.Split('=', 2) is [var first, var second] ? (first, second) : ("", part);
        return new BlendPart(int.TryParse(window, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1, key);
    }
}
