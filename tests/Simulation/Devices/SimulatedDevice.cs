using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Simulation.Devices;

/// <summary>A device with simulated models. Runs one call at a time when calls take time, as a real one.</summary>
/// <param name="models">What it has.</param>
public sealed class SimulatedDevice(params IReadOnlyList<IRenderModel> models) : IDeviceModels
{
    private readonly Dictionary<string, IRenderModel> byIdentity = models.ToDictionary(model => ModelIdentity.Of(model.Manifest));

    /// <summary>The identity of the usual simulated model.</summary>
    public static string Model { get; } = ModelIdentity.Of(SimulatedModel.ManifestOf("simulated"));

    /// <inheritdoc/>
    public string DeviceClass { get; init; } = "simulated";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Available => byIdentity.Keys;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Warm => byIdentity.Keys;

    /// <inheritdoc/>
    public Task WarmUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public IRenderModel this[string model] => byIdentity[model];
}
