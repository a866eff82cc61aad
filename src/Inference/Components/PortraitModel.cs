using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;

namespace HunyuanPortrait.Inference.Components;

/// <summary>A model directory on a device: its manifest and its stages. Networks are loaded at their first use and shared. Thread-safe.</summary>
public sealed class PortraitModel : INetworkSet, IDisposable
{
    private readonly string directory;
    private readonly INetworkLoader loader;
    private readonly Lock gate = new();
    private readonly Dictionary<string, INetwork> loaded = new(StringComparer.Ordinal);

    private PortraitModel(string directory, ModelManifest manifest, INetworkLoader loader)
    {
        this.directory = directory;
        this.loader = loader;
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
    public INetwork this[string name]
    {
        get
        {
            lock (gate)
            {
                if (!loaded.TryGetValue(name, out var network))
                    loaded[name] = network = loader.Load(NetworkSource.FromFile(name, Path.Combine(directory, File(name).File)));
                return network;
            }
        }
    }

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

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var network in loaded.Values)
                network.Dispose();
            loaded.Clear();
        }
    }

    private NetworkFile File(string name) =>
        Manifest.Networks.TryGetValue(name, out var file) ? file : throw ModelErrors.NetworkMissing(name, directory);
}
