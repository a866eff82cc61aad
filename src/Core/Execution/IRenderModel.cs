using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Core.Execution;

/// <summary>A model on a device: its manifest and its stages. Thread-safe.</summary>
public interface IRenderModel
{
    /// <summary>What the model is.</summary>
    ModelManifest Manifest { get; }

    /// <summary>Portrait → conditioning.</summary>
    IPortraitEncoder PortraitEncoder { get; }

    /// <summary>Driving frames → motion tokens.</summary>
    IMotionEncoder MotionEncoder { get; }

    /// <summary>The guided UNet.</summary>
    IWindowDenoiser WindowDenoiser { get; }

    /// <summary>Latents → pictures.</summary>
    IFrameDecoder FrameDecoder { get; }
}

/// <summary>The models of one device. Thread-safe.</summary>
public interface IDeviceModels
{
    /// <summary>
    /// The kind of processor, with the number of threads that it computes with: results of one kind are equal to the last bit. How many devices there are does not
    /// belong to it.
    /// </summary>
    string DeviceClass { get; }

    /// <summary>Models that could be asked for, by <see cref="ModelIdentity"/>.</summary>
    IReadOnlyCollection<string> Available { get; }

    /// <summary>Models that are loaded and have run once.</summary>
    IReadOnlyCollection<string> Warm { get; }

    /// <summary>Loads every available model and runs it once, so that the first task is as fast as the next.</summary>
    Task WarmUpAsync(CancellationToken cancellationToken);

    /// <summary>A model, loaded at its first use.</summary>
    /// <exception cref="Errors.RenderException">The device has no such model, or it cannot be loaded.</exception>
    IRenderModel this[string model] { get; }
}
