using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Faces.Detection;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Sources;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Loads every network that a run needs, before any work is done.</summary>
/// <param name="stages">Told after every network.</param>
/// <param name="device">Where the networks run.</param>
internal sealed class LoadStage(StageClock stages, DeviceOptions device)
{
    /// <returns>The face detector, which the caller disposes.</returns>
    public FaceApiDetector Run(PortraitModel model, GuidanceSchedule guidance, CancellationToken cancellationToken)
    {
        var names = NeededNetworks.Of(guidance, model.Contains);
        for (var i = 0; i < names.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stages.Report(new RenderProgress(RenderStage.Load, i, names.Count, 0));
            _ = model[names[i]];
        }

        stages.Report(new RenderProgress(RenderStage.Load, names.Count, names.Count, 0));

        // The face networks are small and made for the CPU, wherever the model runs.
        return FaceApiDetector.Load(new OnnxNetworkLoader(new DeviceOptions { IntraOpThreads = device.IntraOpThreads }), FaceNetworks.Folder);
    }
}
