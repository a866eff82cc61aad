namespace HunyuanPortrait.Inference.Sessions;

/// <summary>Where and how networks run.</summary>
public sealed record DeviceOptions
{
    /// <summary>Execution provider: <c>cpu</c> (default), <c>cuda</c> or <c>tensorrt</c>. The last two need a build with <c>-p:Accelerator=cuda</c>.</summary>
    public string Provider { get; init; } = ExecutionProviders.Cpu;

    /// <summary>Number of the device, from 0. Ignored by <c>cpu</c>.</summary>
    public int DeviceId { get; init; }

    /// <summary>Threads inside one operator; 0 (default) means one per core.</summary>
    public int IntraOpThreads { get; init; }

    internal int EffectiveThreads => IntraOpThreads > 0 ? IntraOpThreads : Environment.ProcessorCount;

    /// <summary>
    /// Whether idle threads spin while they wait for work. Off by default: spinning takes the cores away from everything else that runs
    /// (decoding, encoding, other sessions) and gains nothing on a busy machine.
    /// </summary>
    public bool AllowSpinning { get; init; }

    /// <summary>Options of the provider by their ONNX Runtime names (<c>gpu_mem_limit</c>, <c>trt_engine_cache_enable</c>, …). Must be empty for <c>cpu</c>.</summary>
    public IReadOnlyDictionary<string, string> ProviderOptions { get; init; } = new Dictionary<string, string>();
}
