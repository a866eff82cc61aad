using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Workers;

/// <summary>What tasks are done with.</summary>
/// <param name="Models">Of the device.</param>
/// <param name="Portraits">Reads portraits.</param>
/// <param name="Driving">Reads driving videos.</param>
/// <param name="Clips">Writes videos.</param>
public sealed record TaskPorts(IDeviceModels Models, IPortraitSource Portraits, IDrivingSource Driving, IClipWriter Clips);
