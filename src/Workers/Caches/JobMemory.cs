using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Workers.Artifacts;

namespace HunyuanPortrait.Workers.Caches;

/// <summary>What a worker keeps in memory of jobs: documents, conditioning, motion tokens. All of it can be read again. Thread-safe.</summary>
internal sealed class JobMemory
{
    private readonly IArtifactStore store;
    private readonly TaskPorts ports;
    private readonly LoadOnce<string, JobSpecification> specifications;
    private readonly LoadOnce<string, PreparedJob> prepared;
    private readonly LoadOnce<(string Motion, int Group), FloatTensor> tokens;

    public JobMemory(IArtifactStore store, TaskPorts ports, WorkerOptions options)
    {
        (this.store, this.ports) = (store, ports);
        specifications = new(options.JobsInMemory, LoadSpecificationAsync);
        prepared = new(options.JobsInMemory, LoadPreparedAsync);
        tokens = new(options.MotionGroupsInMemory, LoadTokensAsync);
    }

    public IReadOnlyCollection<string> WarmJobs => prepared.Loaded;

    public Task<JobSpecification> SpecificationAsync(string job, CancellationToken cancellationToken) => specifications.GetAsync(job, cancellationToken);

    public Task<PreparedJob> PreparedAsync(string job, CancellationToken cancellationToken) => prepared.GetAsync(job, cancellationToken);

    public Task<FloatTensor> TokensAsync(string motion, int group, CancellationToken cancellationToken) =>
        tokens.GetAsync((motion, group), cancellationToken);

    public void Forget(string job)
    {
        specifications.Forget(key => key == job);
        prepared.Forget(key => key == job);
    }

    private async Task<JobSpecification> LoadSpecificationAsync(string job) => JobDocuments.ReadSpecification(
        await store.ReadAllAsync(ArtifactKeys.Specification(job), CancellationToken.None).ConfigureAwait(false));

    private async Task<PreparedJob> LoadPreparedAsync(string job)
    {
        var specification = await SpecificationAsync(job, CancellationToken.None).ConfigureAwait(false);
        var preparation = JobDocuments.ReadPreparation(
            await store.ReadAllAsync(ArtifactKeys.Preparation(job), CancellationToken.None).ConfigureAwait(false));
        var key = ArtifactKey.Parse(preparation.Conditioning);
        var conditioning = ConditioningArtifact.Read(key, await store.ReadAllAsync(key, CancellationToken.None).ConfigureAwait(false));
        return new PreparedJob(specification, preparation, conditioning, ports.Models[specification.Model]) { Noise = ports.Noise(specification.Settings.Seed) };
    }

    private async Task<FloatTensor> LoadTokensAsync((string Motion, int Group) place)
    {
        var key = ArtifactKeys.MotionTokens(ArtifactKey.Parse(place.Motion), place.Group);
        return TensorArtifact.Read(key, await store.ReadAllAsync(key, CancellationToken.None).ConfigureAwait(false))[0];
    }
}

/// <summary>A job that can be denoised.</summary>
internal sealed class PreparedJob
{
    public PreparedJob(JobSpecification specification, Preparation preparation, StoredConditioning conditioning, IRenderModel model)
    {
        (Specification, Preparation, Conditioning, Model) = (specification, preparation, conditioning, model);
        Plan = new TaskPlan(specification.Shape(preparation.FrameCount));
    }

    public JobSpecification Specification { get; }

    public Preparation Preparation { get; }

    public StoredConditioning Conditioning { get; }

    public IRenderModel Model { get; }

    public TaskPlan Plan { get; }

    public required INoiseSource Noise { get; init; }

    /// <summary>The sampler's view of the job.</summary>
    /// <param name="motionTokens">Of all driving frames, of which only those that are read need to be there.</param>
    public DenoisingJob Denoising(IFrameStore motionTokens) =>
        DenoisingJob.Create(Model.Manifest, Specification.Settings, Conditioning.Portrait, motionTokens) with { Noise = Noise };
}
