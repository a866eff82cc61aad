using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Simulation.Devices;

/// <summary>
/// A model whose networks are cheap pure functions of all their inputs: what depends on something else than the inputs (the order of arrival, the
/// worker) would show in the bits. For tests and benchmarks of everything around the networks.
/// </summary>
public sealed class SimulatedModel : IRenderModel
{
    /// <summary>Side of the pictures.</summary>
    public const int Side = 16;

    private const int TokenCount = 2;
    private const int TokenWidth = 8;

    /// <summary>Creates the model.</summary>
    /// <param name="cost">What calls take.</param>
    /// <param name="name">Two names are two models.</param>
    public SimulatedModel(SimulatedCost cost, string name = "simulated")
    {
        Manifest = ManifestOf(name);
        var time = new DeviceTime(cost);
        PortraitEncoder = new SimulatedPortraitEncoder(Manifest.Geometry, time);
        MotionEncoder = new SimulatedMotionEncoder(Manifest.Geometry, Manifest.Defaults.MotionGroupLength, time);
        WindowDenoiser = new SimulatedWindowDenoiser(Manifest.Geometry, time);
        FrameDecoder = new SimulatedFrameDecoder(Manifest.Geometry, time);
    }

    /// <inheritdoc/>
    public ModelManifest Manifest { get; }

    /// <inheritdoc/>
    public IPortraitEncoder PortraitEncoder { get; }

    /// <inheritdoc/>
    public IMotionEncoder MotionEncoder { get; }

    /// <inheritdoc/>
    public IWindowDenoiser WindowDenoiser { get; }

    /// <inheritdoc/>
    public IFrameDecoder FrameDecoder { get; }

    /// <summary>The manifest of a simulated model.</summary>
    public static ModelManifest ManifestOf(string name)
    {
        var windows = new WindowSettings(25, 3, 3);
        var geometry = new ModelGeometry(Side, Side, 4, 8, 0.18215f, windows.Length, 2, TokenCount, TokenWidth, 4, 14, 8, 4);
        var defaults = new RenderDefaults(
            10, 1, windows, new GuidanceSettings(2, 2, 2, 2), PaddingFrames: 5, MotionGroupLength: 25, DecodeChunkLength: 8,
            new MicroConditioning(12.5f, 0, 0), Seed: 7);
        var network = new NetworkFile(name, null, new Dictionary<string, string> { [name] = name }, 0, 0);
        return new ModelManifest(
            ModelManifestJson.FormatVersion, name, ModelKind.StandIn, "fp32", geometry, new SchedulerSettings(0.002, 700), defaults,
            new Dictionary<string, NetworkFile> { [name] = network }, [], null, []);
    }
}

/// <summary>What calls of a simulated device take; nothing by default.</summary>
/// <param name="Window">Of the UNet.</param>
/// <param name="Chunk">Of the decoder.</param>
/// <param name="MotionGroup">Of the motion encoder.</param>
public sealed record SimulatedCost(TimeSpan Window = default, TimeSpan Chunk = default, TimeSpan MotionGroup = default)
{
    /// <summary>Called at the beginning of every window, for what a test wants to happen then.</summary>
    public Action<CancellationToken>? OnWindow { get; init; }
}
