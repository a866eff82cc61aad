using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Inference.Slots;

namespace HunyuanPortrait.Inference.Components;

/// <summary>A model directory on a device: its manifest and its stages. Networks are loaded at their first use and shared; one run at a
/// time. Thread-safe.</summary>
public sealed class PortraitModel : INetworkSet, IRenderModel, IDisposable
{
    private readonly string directory;
    private readonly NetworkPool pool;

    private PortraitModel(string directory, ModelManifest manifest, INetworkLoader loader)
    {
        this.directory = directory;
        pool = new NetworkPool(loader);
        Manifest = manifest;
        PortraitEncoder = new PortraitEncoder(this, manifest.Geometry);
        MotionEncoder = new MotionEncoder(this, manifest.Geometry, manifest.Defaults.MotionGroupLength);
        WindowDenoiser = new WindowDenoiser(this, manifest.Geometry, manifest.Defaults.MicroConditioning);
        FrameDecoder = new FrameDecoder(this, manifest.Geometry);
    }

    /// <summary>What the model is.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Portrait → conditioning.</summary>
    public IPortraitEncoder PortraitEncoder { get; }

    /// <summary>Driving frames → motion tokens.</summary>
    public IMotionEncoder MotionEncoder { get; }

    /// <summary>The guided UNet.</summary>
    public IWindowDenoiser WindowDenoiser { get; }

    /// <summary>Latents → pictures.</summary>
    public IFrameDecoder FrameDecoder { get; }

    /// <inheritdoc/>
    public INetwork this[string name] => pool.Load(NetworkSource.FromFile(name, Path.Combine(directory, File(name).File)));

    /// <summary>Reads the manifest; networks are loaded when they are first used.</summary>
    /// <param name="directory">A model directory.</param>
    /// <param name="loader">Loads networks onto the device.</param>
    /// <exception cref="Core.Errors.RenderException">The directory is no model (HP2911), or its manifest cannot be used (HP2901 … HP2903).</exception>
    public static PortraitModel Open(string directory, INetworkLoader loader)
    {
        var path = Path.Combine(directory, ModelDirectory.ManifestName);
        if (!System.IO.File.Exists(path))
            throw ModelErrors.NotAModel(directory);
        return new PortraitModel(directory, ModelManifestJson.Parse(System.IO.File.ReadAllBytes(path), path), loader);
    }

    /// <inheritdoc/>
    public bool Contains(string name) => Manifest.Networks.ContainsKey(name);

    /// <summary>Unloads every network.</summary>
    public void Dispose() => pool.Dispose();

    private NetworkFile File(string name) =>
        Manifest.Networks.TryGetValue(name, out var file) ? file : throw ModelErrors.NetworkMissing(name, directory);
}
