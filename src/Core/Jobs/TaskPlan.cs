using System.Collections.Immutable;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Options;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Core.Jobs;

/// <summary>
/// All tasks of a job, known before it starts: how many, which, and on what they work. A pure function of the <see cref="JobShape"/>, so it is
/// never stored.
/// </summary>
public sealed class TaskPlan
{
    private static readonly ImmutableArray<TaskKind> Kinds = [.. Enum.GetValues<TaskKind>()];

    private readonly int[] counts;

    /// <summary>Plans a job.</summary>
    /// <exception cref="Errors.RenderException">HP3001: the numbers make no plan; the message lists every reason.</exception>
    public TaskPlan(JobShape shape)
    {
        OptionErrors.ThrowIfAny(shape.Failures());
        Shape = shape;
        Padding = new PaddingPlan(shape.FrameCount, shape.PaddingFrames);
        Segments = new SegmentPlan(Padding.PaddedCount, shape.Windows, shape.StepCount);
        MotionGroups = FrameRange.Cut(shape.FrameCount, shape.Chunks.MotionGroup);
        DecodeChunks = DecodePlan.Chunks(Padding, shape.Chunks.Decode);
        EncodeParts = FrameRange.Cut(shape.FrameCount, shape.Chunks.EncodePart);
        counts = [.. Kinds.Select(Count)];
    }

    /// <summary>The numbers that the plan follows from.</summary>
    public JobShape Shape { get; }

    /// <summary>Driving frames and padding.</summary>
    public PaddingPlan Padding { get; }

    /// <summary>Who owns which frames of the padded clip.</summary>
    public SegmentPlan Segments { get; }

    /// <summary>The driving frames of every <see cref="TaskKind.EncodeMotion"/>.</summary>
    public ImmutableArray<FrameRange> MotionGroups { get; }

    /// <summary>The padded frames of every <see cref="TaskKind.DecodeChunk"/>.</summary>
    public ImmutableArray<DecodeChunk> DecodeChunks { get; }

    /// <summary>The driving frames of every <see cref="TaskKind.EncodePart"/>.</summary>
    public ImmutableArray<FrameRange> EncodeParts { get; }

    /// <summary>How many tasks the job has.</summary>
    public int TotalCount => counts.Sum();

    /// <summary>How many tasks of a kind the job has.</summary>
    public int CountOf(TaskKind kind) => counts[(int)kind];

    /// <summary>The tasks of a kind, ordered by step and index.</summary>
    public IEnumerable<TaskId> TasksOf(TaskKind kind)
    {
        var steps = kind == TaskKind.DenoiseWindow ? Shape.StepCount : 1;
        for (var step = 0; step < steps; step++)
        {
            for (var index = 0; index < CountOf(kind) / steps; index++)
                yield return new TaskId(kind, step, index);
        }
    }

    /// <summary>All tasks, in the order of the pipeline.</summary>
    public IEnumerable<TaskId> Tasks() => Kinds.SelectMany(TasksOf);

    /// <summary>Whether a task belongs to the job.</summary>
    public bool Contains(TaskId task)
    {
        if (!Enum.IsDefined(task.Kind))
            return false;
        var steps = task.Kind == TaskKind.DenoiseWindow ? Shape.StepCount : 1;
        return (uint)task.Step < (uint)steps && (uint)task.Index < (uint)(CountOf(task.Kind) / steps);
    }

    /// <summary>The segments that a decode chunk reads, ascending: all of them have to be through their last step.</summary>
    public FrameRange SegmentsOfDecodeChunk(int chunk) => Segments.SegmentsOf(DecodeChunks[chunk].Frames);

    /// <summary>The decode chunks that a part of the video is encoded from, as a range of indices.</summary>
    public FrameRange DecodeChunksOfPart(int part)
    {
        var frames = EncodeParts[part];
        var first = ChunkOf(frames.Start);
        return new FrameRange(first, ChunkOf(frames.End - 1) - first + 1);
    }

    /// <summary>The parts of the video that a decode chunk has frames for, as a range of indices.</summary>
    public FrameRange PartsOfDecodeChunk(int chunk)
    {
        var kept = DecodeChunks[chunk].Kept;
        var first = (kept.Start - Padding.Padding) / Shape.Chunks.EncodePart;
        return new FrameRange(first, (kept.End - 1 - Padding.Padding) / Shape.Chunks.EncodePart - first + 1);
    }

    // Chunks that lie in the padding are left out, so the first one is not the grid's first.
    private int ChunkOf(int drivingFrame) =>
        (drivingFrame + Padding.Padding) / Shape.Chunks.Decode - DecodeChunks[0].Frames.Start / Shape.Chunks.Decode;

    private int Count(TaskKind kind) => kind switch
    {
        TaskKind.EncodeMotion => MotionGroups.Length,
        TaskKind.DenoiseWindow => checked(Shape.StepCount * Segments.WindowCount),
        TaskKind.DecodeChunk => DecodeChunks.Length,
        TaskKind.EncodePart => EncodeParts.Length,
        _ => 1,
    };
}
