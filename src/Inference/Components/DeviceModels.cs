using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Components;

/// <summary>Model directories on one device. Thread-safe.</summary>
public sealed class DeviceModels : IDeviceModels, IDisposable
{
    private readonly Dictionary<string, PortraitModel> models;
    private readonly Lock gate = new();
    private readonly HashSet<string> warm = new(StringComparer.Ordinal);
    private readonly bool isOwner;

    /// <summary>Reads the manifests; networks are loaded by <see cref="WarmUpAsync"/>, or when they are first used.</summary>
    /// <param name="directories">Model directories.</param>
    /// <param name="device">Where the networks run.</param>
    /// <exception cref="Core.Errors.RenderException">HP29xx: a directory is no model.</exception>
    public DeviceModels(IEnumerable<string> directories, DeviceOptions device)
        : this(directories.Select(directory => PortraitModel.Open(directory, new OnnxNetworkLoader(device))), device, isOwner: true)
    {
    }

    private DeviceModels(IEnumerable<PortraitModel> models, DeviceOptions device, bool isOwner)
    {
        this.models = models.DistinctBy(model => ModelIdentity.Of(model.Manifest))
            .ToDictionary(model => ModelIdentity.Of(model.Manifest), StringComparer.Ordinal);
        this.isOwner = isOwner;
        DeviceClass = ClassOf(device);
    }

    /// <summary>One model whose owner has loaded what will be needed: there is nothing to warm up, and it is not disposed here.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where its networks run.</param>
    public static DeviceModels OfLoaded(PortraitModel model, DeviceOptions device)
    {
        var models = new DeviceModels([model], device, isOwner: false);
        models.warm.UnionWith(models.Available);
        return models;
    }

    /// <inheritdoc/>
    public string DeviceClass { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Available => models.Keys;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Warm
    {
        get
        {
            lock (gate)
                return [.. warm];
        }
    }

    /// <inheritdoc/>
    public IRenderModel this[string model] => models.TryGetValue(model, out var known) ? known : throw ExecutionErrors.ModelNotHere(model);

    /// <inheritdoc/>
    public Task WarmUpAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            foreach (var (identity, model) in models)
            {
                if (Warm.Contains(identity))
                    continue;
                RunOnce(model, cancellationToken);
                lock (gate)
                    warm.Add(identity);
            }
        },
        cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Unloads everything.</summary>
    public void Dispose()
    {
        if (!isOwner)
            return;
        foreach (var model in models.Values)
            model.Dispose();
    }

    /// <summary>
    /// Kernels are chosen by provider, version and vector instructions, and each kernel adds in an order of its own. Threads cut the work, which moves the
    /// last bits of some small operators: a motion group of one frame differs between one, two and three threads.
    /// </summary>
    private static string ClassOf(DeviceOptions device)
    {
        var vectors = Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : Vector128.IsHardwareAccelerated ? "v128" : "scalar";
        var processor = device.Provider == ExecutionProviders.Cpu
            ? $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}-{vectors}"
            : "device";
        return $"{device.Provider}-{processor}-t{device.EffectiveThreads}-ort{ExecutionProviders.RuntimeVersion}";
    }

    private static void RunOnce(PortraitModel model, CancellationToken cancellationToken)
    {
        foreach (var name in model.Manifest.Networks.Keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = model[name];
        }

        var geometry = model.Manifest.Geometry;
        var conditioning = new PortraitConditioning(
            FloatTensor.Zeros(1, geometry.ImageTokens, geometry.TokenWidth),
            FloatTensor.Zeros(1, geometry.LatentChannels, geometry.LatentHeight, geometry.LatentWidth),
            FloatTensor.Zeros(3, geometry.FirstLayerChannels, geometry.LatentHeight, geometry.LatentWidth));
        var latents = new float[geometry.WindowLength * geometry.LatentValues];
        var tokens = new float[geometry.WindowLength * geometry.MotionTokens * geometry.TokenWidth];
        model.WindowDenoiser.Predict(
            conditioning, new WindowInput(latents, tokens, 0, new GuidanceScales(2, 2)), new float[latents.Length], cancellationToken);
        model.FrameDecoder.Decode(latents.AsMemory(0, geometry.LatentValues), 1, new float[3 * geometry.Width * geometry.Height], cancellationToken);
    }
}
