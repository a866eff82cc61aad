using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Rendering.Jobs;

/// <summary>A cluster that lives in this process alone, for the time of one render. Disposing stops what is in hand at once.</summary>
public interface ILocalCluster : IAsyncDisposable
{
    /// <summary>Where it keeps everything.</summary>
    IArtifactStore Store { get; }

    /// <summary>
    /// Completes when the store refuses to write. Clusters wait for better times; somebody who waits for one render wants to know.
    /// </summary>
    Task<RenderException> StoreRefusal { get; }

    /// <summary>Submits a job, or goes on with it where the store knows it. Other jobs of the store are left alone.</summary>
    Task<JobStanding> SubmitAsync(JobSpecification job, CancellationToken cancellationToken);

    /// <summary>How a job is.</summary>
    Task<JobStanding> GetAsync(string job, CancellationToken cancellationToken);
}

/// <summary>How a job is.</summary>
/// <param name="Job">Its id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
/// <param name="CompletedTasks">Tasks with an accepted result.</param>
/// <param name="CompletedWindows">Of them windows, over all steps.</param>
/// <param name="SlowestStep">Steps that all of the clip is through.</param>
/// <param name="Video">The artifact of the video; null before it is there.</param>
public sealed record JobStanding(
    string Job, JobState State, JobFailure? Failure, int CompletedTasks, int CompletedWindows, int SlowestStep, string? Video);

/// <summary>What a local cluster is made of.</summary>
/// <param name="StoreDirectory">Where it keeps everything; created when missing.</param>
/// <param name="ScratchFolder">For files that nobody needs afterwards.</param>
/// <param name="Models">Of its one device.</param>
/// <param name="Portraits">Reads portraits.</param>
/// <param name="Driving">Reads driving videos.</param>
/// <param name="Clips">Writes videos.</param>
public sealed record LocalClusterSettings(
    string StoreDirectory, string ScratchFolder, IDeviceModels Models, IPortraitSource Portraits, IDrivingSource Driving, IClipWriter Clips);

/// <summary>Starts a local cluster.</summary>
/// <param name="settings">What it is made of: loads the model, so it is called where the model runs in this process.</param>
/// <param name="cancellationToken">Stops the start.</param>
/// <exception cref="RenderException">HP4xxx: the directory cannot be used, or another process uses it.</exception>
public delegate Task<ILocalCluster> StartLocalCluster(Func<LocalClusterSettings> settings, CancellationToken cancellationToken);
