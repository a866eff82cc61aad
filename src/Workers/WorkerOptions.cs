namespace HunyuanPortrait.Workers;

/// <summary>What a worker may keep and where. Everything that it keeps can be read again.</summary>
public sealed record WorkerOptions
{
    /// <summary>Folder for the worker's temporary files; the system's when null.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>Jobs whose conditioning stays in memory; 4 by default.</summary>
    public int JobsInMemory { get; init; } = 4;

    /// <summary>Motion groups whose tokens stay in memory (6.5 MB each at the official size); 64 by default.</summary>
    public int MotionGroupsInMemory { get; init; } = 64;

    /// <summary>Portraits and videos whose files stay in the scratch folder; 8 by default.</summary>
    public int AssetsInScratch { get; init; } = 8;
}
