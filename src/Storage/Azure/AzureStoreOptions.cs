namespace HunyuanPortrait.Storage.Azure;

/// <summary>Where blobs are and how patiently they are asked for.</summary>
/// <param name="ConnectionString">Of the storage account; never logged.</param>
/// <param name="Container">Its container, created when missing. One container serves one cluster.</param>
public sealed record AzureStoreOptions(string ConnectionString, string Container)
{
    /// <summary>
    /// The service version to speak, <c>2026-06-06</c>; null: the newest that the client knows. An emulator or an appliance may know older ones only.
    /// </summary>
    public string? ServiceVersion { get; init; }

    /// <summary>How often a failed call is tried again: by default a service that is away for a minute is not noticed.</summary>
    public int MaxRetries { get; init; } = 16;

    /// <summary>The wait before the second try; it doubles from try to try.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one try may stay without an answer before it counts as failed.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
