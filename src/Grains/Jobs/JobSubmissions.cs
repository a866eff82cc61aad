using System.Text;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>Jobs on their way into the cluster.</summary>
public static class JobSubmissions
{
    /// <summary>A job as its grain takes it.</summary>
    /// <param name="terms">With a client key: it names the job.</param>
    /// <param name="specification">What shall be computed.</param>
    public static JobSubmission Of(JobTerms terms, JobSpecification specification) => new()
    {
        Tenant = terms.Tenant,
        ClientKey = terms.ClientKey ?? throw new ArgumentException("A submission needs a client key.", nameof(terms)),
        Priority = terms.Priority,
        Specification = Encoding.UTF8.GetString(JobDocuments.Write(specification)),
    };

    /// <summary>The grain of the job that a submission names.</summary>
    public static IRenderJobGrain JobOf(this IGrainFactory grains, JobSubmission submission) =>
        grains.GetGrain<IRenderJobGrain>(JobId.Of(submission.Tenant, submission.ClientKey));
}
