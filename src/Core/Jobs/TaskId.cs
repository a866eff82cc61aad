namespace HunyuanPortrait.Core.Jobs;

/// <summary>The kinds of dispatchable units, in the order of the pipeline.</summary>
public enum TaskKind
{
    /// <summary>Detect, crop and encode the portrait.</summary>
    PreparePortrait,

    /// <summary>One pass over the driving video: faces and crops.</summary>
    PrepareMotion,

    /// <summary>Motion tokens of one group of driving frames.</summary>
    EncodeMotion,

    /// <summary>One window at one step.</summary>
    DenoiseWindow,

    /// <summary>One call of the VAE decoder.</summary>
    DecodeChunk,

    /// <summary>One closed part of the video.</summary>
    EncodePart,

    /// <summary>Join the parts, add the sound, publish.</summary>
    Mux,
}

/// <summary>One task of a job.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Step">Executed step, counted from 0; 0 for all kinds but <see cref="TaskKind.DenoiseWindow"/>.</param>
/// <param name="Index">Window, group, chunk or part, counted from 0.</param>
public readonly record struct TaskId(TaskKind Kind, int Step, int Index) : IComparable<TaskId>
{
    /// <summary>The task that denoises a window.</summary>
    public static TaskId Denoise(int step, int window) => new(TaskKind.DenoiseWindow, step, window);

    /// <summary>A task of a kind that has no steps.</summary>
    public static TaskId Of(TaskKind kind, int index = 0) => new(kind, 0, index);

    /// <summary>Order of work within a job: earlier steps first, so that the wavefront stays narrow; then kind, then index.</summary>
    public int CompareTo(TaskId other) => (Step, Kind, Index).CompareTo((other.Step, other.Kind, other.Index));

    /// <summary>For keys, messages and histories: <c>DenoiseWindow/3/17</c>.</summary>
    public override string ToString() => $"{Kind}/{Step}/{Index}";

    /// <summary>Whether the left task comes first.</summary>
    public static bool operator <(TaskId left, TaskId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left task comes first, or both are the same.</summary>
    public static bool operator <=(TaskId left, TaskId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the right task comes first.</summary>
    public static bool operator >(TaskId left, TaskId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the right task comes first, or both are the same.</summary>
    public static bool operator >=(TaskId left, TaskId right) => left.CompareTo(right) >= 0;
}
