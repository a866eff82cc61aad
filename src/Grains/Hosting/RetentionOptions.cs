using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>What stays of jobs that have ended, configuration section <c>Retention</c>. Immutable after start; a job keeps what was in force at its end.</summary>
public sealed class RetentionOptions
{
    /// <summary>How long the video and the documents of an ended job stay. A week by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long after a job's end what only its computation needed is looked for once more, because a worker may have written it late. Longer than a
    /// lease. 10 minutes by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often every control silo looks for what may go. 5 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Checks the ranges.</summary>
[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
