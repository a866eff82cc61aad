using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>Which tasks of a stage may run; windows excepted, which the wavefront knows.</summary>
internal static class StageTasks
{
    /// <summary>Tasks that are ready and not accepted.</summary>
    /// <remarks>The portrait goes first: the worker that encodes it decides the kind of processor of all the rest.</remarks>
    public static IEnumerable<TaskId> Ready(JobState state, TaskPlan plan, JobLedgers ledgers)
    {
        var portrait = TaskId.Of(TaskKind.PreparePortrait);
        var motion = TaskId.Of(TaskKind.PrepareMotion);
        return (state switch
        {
            JobState.Preparing when !ledgers.HasAccepted(portrait) => [portrait],
            JobState.Preparing when !ledgers.HasAccepted(motion) => [motion],
            JobState.Preparing => plan.TasksOf(TaskKind.EncodeMotion),
            JobState.Decoding => plan.TasksOf(TaskKind.DecodeChunk).Concat(plan.TasksOf(TaskKind.EncodePart).Where(part => HasChunks(part, plan, ledgers))),
            JobState.Muxing => plan.TasksOf(TaskKind.Mux),
            _ => [],
        }).Where(task => !ledgers.HasAccepted(task));
    }

    /// <summary>Whether every task of the stage has its result; false for stages without tasks of their own.</summary>
    public static bool IsComplete(JobState state, TaskPlan plan, JobLedgers ledgers) => state switch
    {
        JobState.Preparing => ledgers.HasAccepted(TaskId.Of(TaskKind.PrepareMotion)) && plan.TasksOf(TaskKind.EncodeMotion).All(ledgers.HasAccepted),
        JobState.Decoding => plan.TasksOf(TaskKind.EncodePart).All(ledgers.HasAccepted),
        JobState.Muxing => plan.TasksOf(TaskKind.Mux).All(ledgers.HasAccepted),
        _ => false,
    };

    /// <summary>Results of other tasks that a task reads, or the motion track that it writes.</summary>
    public static IReadOnlyList<string> InputsOf(TaskId task, TaskPlan plan, JobLedgers ledgers, ArtifactKey? motion) => task.Kind switch
    {
        TaskKind.PrepareMotion or TaskKind.EncodeMotion => [motion!.Value],
        TaskKind.EncodePart => [.. ChunksOf(task, plan).Select(chunk => ledgers.ResultOf(chunk).Key)],
        TaskKind.Mux => [.. plan.TasksOf(TaskKind.EncodePart).Select(part => ledgers.ResultOf(part).Key)],
        _ => [],
    };

    private static bool HasChunks(TaskId part, TaskPlan plan, JobLedgers ledgers) => ChunksOf(part, plan).All(ledgers.HasAccepted);

    private static IEnumerable<TaskId> ChunksOf(TaskId part, TaskPlan plan)
    {
        var chunks = plan.DecodeChunksOfPart(part.Index);
        return Enumerable.Range(chunks.Start, chunks.Length).Select(chunk => TaskId.Of(TaskKind.DecodeChunk, chunk));
    }
}
