using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Rendering.Sources;
using HunyuanPortrait.Workers;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>Real models for clips.</summary>
internal static class ClipModels
{
    private static readonly Lazy<string> StandInFolder = new(WriteStandIn);

    /// <summary>Random weights, written once a run.</summary>
    public static string StandIn => StandInFolder.Value;

    /// <summary>The trained model of the repository; null where it is not there.</summary>
    public static string? Embedded { get; } = FindEmbedded();

    /// <summary>A device with one model.</summary>
    public static (PortraitModel Model, DeviceModels Device) Open(string directory)
    {
        var model = PortraitModel.Open(directory, new OnnxNetworkLoader(new DeviceOptions()));
        return (model, DeviceModels.OfLoaded(model, new DeviceOptions()));
    }

    /// <summary>What tasks are done with, on clips whose faces are known.</summary>
    public static TaskPorts Ports(DelayedDevice device) =>
        new(device, new PortraitSource(new BlindDetector()), new DrivingSource(new BlindDetector()), new ClipWriter());

    private static string WriteStandIn()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("portrait-model-").FullName, "stand-in");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        StandInModel.Write(folder, Architecture.Small, 1);
        return folder;
    }

    private static string? FindEmbedded()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "models", "embedded");
            if (File.Exists(Path.Combine(model, "model.json")))
                return model;
        }

        return null;
    }

    private sealed class BlindDetector : IFaceDetector
    {
        public IReadOnlyList<FaceDetection> Detect(RgbImage image) => [];
    }
}
