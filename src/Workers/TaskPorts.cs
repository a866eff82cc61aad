using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Noise;

namespace HunyuanPortrait.Workers;

/// <summary>What tasks are done with.</summary>
/// <param name="Models">Of the device.</param>
/// <param name="Portraits">Reads portraits.</param>
/// <param name="Driving">Reads driving videos.</param>
/// <param name="Clips">Writes videos.</param>
public sealed record TaskPorts(IDeviceModels Models, IPortraitSource Portraits, IDrivingSource Driving, IClipWriter Clips)
{
    /// <summary>The noise of a job, by its seed. Only who compares with recordings has another one.</summary>
    public Func<ulong, INoiseSource> Noise { get; init; } = seed => new SeededNoise(seed);
}
