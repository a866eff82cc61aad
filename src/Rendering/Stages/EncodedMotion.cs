using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>What was taken from the driving video: tokens and time of every kept frame.</summary>
/// <param name="Tokens">In files.</param>
/// <param name="Times">In ticks of the video's timing; eight bytes a frame are all that a run holds of every frame.</param>
/// <param name="Faces">How frames fared.</param>
internal sealed record EncodedMotion(AppendedFrames Tokens, IReadOnlyList<long> Times, FaceCounts Faces) : IDisposable
{
    public void Dispose() => Tokens.Dispose();
}

/// <summary>Reads the driving video twice: up to its first face, then from the start.</summary>
internal sealed class MotionReading(RenderRequest request, RenderInputs inputs, StageClock stages)
{
    public async Task<EncodedMotion> ReadAsync(
        IFaceDetector detector, PortraitModel model, IFrameStoreFactory stores, CancellationToken cancellationToken)
    {
        var encoder = model.MotionEncoder;
        var clip = new DrivingClip(inputs.Video, request.Clip);
        var tracker = new FaceTracker(detector, request.Faces.Driving.StartingAt(clip.FirstFrame), request.Faces.Missing);
        var cropper = await clip.SeekFirstFaceAsync(tracker, model.Manifest.Geometry.MotionCropSize, cancellationToken).ConfigureAwait(false);
        var expected = inputs.ExpectedFrames(request.Clip);
        var times = new List<long>(expected);
        var tokens = new AppendedFrames(stores, "motion-tokens", encoder.TokenCount * encoder.TokenWidth, expected);
        try
        {
            var stage = new MotionStage(encoder, tracker, cropper, tokens);
            await foreach (var frame in clip.FramesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (stage.Add(frame.Image, cancellationToken))
                    times.Add(frame.Time);
                stages.Report(new RenderProgress(RenderStage.Motion, (int)frame.Index + 1, Math.Max(expected, (int)frame.Index + 1), 1));
            }

            stage.Finish(cancellationToken);
            return new EncodedMotion(tokens, times, tracker.Counts);
        }
        catch
        {
            tokens.Dispose();
            throw;
        }
    }
}
