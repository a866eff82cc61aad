using System.Globalization;
using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Core.Execution;

/// <summary>Where the artifacts of jobs are.</summary>
public static class ArtifactKeys
{
    private const int MotionDigits = 32;

    /// <summary>One marker for every job that has not ended.</summary>
    public static ArtifactKey ActiveJobs { get; } = ArtifactKey.Parse("active");

    /// <summary>Everything of a job; removed with it.</summary>
    public static ArtifactKey Job(string job) => ArtifactKey.Of("jobs", job);

    /// <summary>The marker of a job that has not ended.</summary>
    public static ArtifactKey Active(string job) => ActiveJobs / job;

    /// <summary>What the job shall compute.</summary>
    public static ArtifactKey Specification(string job) => Job(job) / "specification";

    /// <summary>What preparing the job has settled.</summary>
    public static ArtifactKey Preparation(string job) => Job(job) / "preparation";

    /// <summary>The result of a task under one epoch: a worker that comes late never writes where another one reads.</summary>
    public static ArtifactKey Result(string job, TaskId task, LeaseEpoch epoch) => task.Kind == TaskKind.DenoiseWindow
        ? Windows(job) / task.Step / string.Create(CultureInfo.InvariantCulture, $"{task.Index}.{epoch}")
        : Job(job) / task.Kind.ToString() / task.Index / epoch.ToString();

    /// <summary>The results of all windows.</summary>
    public static ArtifactKey Windows(string job) => Job(job) / "windows";

    /// <summary>What a job has accepted of one kind of tasks, within one range of indexes.</summary>
    public static ArtifactKey Ledger(string job, TaskKind kind, int page) => Job(job) / "ledger" / kind.ToString() / page;

    /// <summary>The blended latents of a segment after a step.</summary>
    public static ArtifactKey Latents(string job, int segment, int step) => Latents(job, segment) / step;

    /// <summary>All blended latents of a segment.</summary>
    public static ArtifactKey Latents(string job, int segment) => Job(job) / "latents" / segment;

    /// <summary>The step that latents are of.</summary>
    public static int StepOfLatents(ArtifactKey latents) =>
        int.Parse(latents.Value.AsSpan(latents.Value.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>
    /// The motion track of a video under a model on a kind of processor: by content, so that a later job with the same video finds it.
    /// </summary>
    /// <param name="submittedAt">When the job was submitted (<see cref="MotionWeeks"/>).</param>
    /// <param name="job">The job.</param>
    /// <param name="deviceClass">What it runs on.</param>
    public static ArtifactKey Motion(DateTimeOffset submittedAt, JobSpecification job, string deviceClass)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{job.Clip.Start.Ticks}+{job.Clip.Duration?.Ticks}");
        var text = $"{job.Driving.Sha256}\n{range}\n{job.Faces.Driving.Source}{job.Faces.Driving.Box}{job.Faces.Driving.Track?.Sha256}\n{job.Faces.Missing}\n{job.Model}\n{job.Settings.MotionGroupLength}\n{deviceClass}";
        return MotionWeeks.Of(submittedAt) / Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..MotionDigits];
    }

    /// <summary>What the pass over the video found; written when all crops are.</summary>
    public static ArtifactKey MotionTrack(ArtifactKey motion) => motion / "track";

    /// <summary>The crops of one motion group; gone when its tokens are there.</summary>
    public static ArtifactKey MotionCrops(ArtifactKey motion, int group) => motion / "crops" / group;

    /// <summary>The tokens of one motion group.</summary>
    public static ArtifactKey MotionTokens(ArtifactKey motion, int group) => motion / "tokens" / group;
}
