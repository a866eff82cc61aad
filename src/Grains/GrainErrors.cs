using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Grains;

/// <summary>Refusals of the cluster, HP61xx.</summary>
public static class GrainErrors
{
    /// <summary>HP6101: there is no such job.</summary>
    public static RenderException UnknownJob(string job) => new(
        "HP6101", $"There is no job '{job}'. It was never submitted here, or it was removed: check the id and the cluster.");

    /// <summary>HP6102: the client key names another job already.</summary>
    public static RenderException OtherSubmission(string tenant, string clientKey, string job) => new(
        "HP6102",
        $"Tenant {tenant} has used the client key '{clientKey}' for another submission, job {job}. Repeat a submission unchanged, or give it a key of its own.");

    /// <summary>HP6103: nobody has the model.</summary>
    public static RenderException NoWorkerWithModel(string model, int workers, TimeSpan waited) => new(
        "HP6103",
        $"No worker had the model {model} for {waited.TotalSeconds:0} s ({workers} workers asked for work). " +
        "Start a GPU silo with this model, or submit the job with a model that the cluster has.",
        isTransient: true);

    /// <summary>HP6104: a task failed for a reason that nobody has foreseen.</summary>
    public static RenderException UnexpectedFailure(string task, Exception cause) => new(
        "HP6104",
        $"Task {task} failed unexpectedly: {cause.GetType().Name}: {cause.Message} This is a fault of the program: the worker's log has the details.", cause,
        isTransient: true);

    /// <summary>HP6105: the task does not belong to the job.</summary>
    public static RenderException UnknownTask(string task) => new(
        "HP6105", $"The task {task} is none of its job, or not of this owner. Two versions of the program may be at work in one cluster: update all silos.");
}
