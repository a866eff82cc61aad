using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Evaluation.Material;
using HunyuanPortrait.Rendering.Clips;

namespace HunyuanPortrait.Evaluation.Variants;

/// <summary>Makes the pictures of one clip in every way. The portrait and the motion are encoded once.</summary>
internal sealed class ClipRendering : IDisposable
{
    private readonly ClipStages stages;
    private readonly ClipMaterial clip;
    private readonly RenderDefaults settings;
    private readonly EncodedPortrait portrait;
    private readonly IFrameStore motion;

    /// <param name="stages">Of the model.</param>
    /// <param name="clip">What goes in.</param>
    /// <param name="settings">Of the render.</param>
    /// <param name="cancellationToken">Stops between networks.</param>
    public ClipRendering(ClipStages stages, ClipMaterial clip, RenderDefaults settings, CancellationToken cancellationToken)
    {
        (this.stages, this.clip, this.settings) = (stages, clip, settings);
        portrait = stages.EncodePortrait(clip.Portrait, cancellationToken);
        motion = stages.EncodeMotion(clip.Driving, cancellationToken);
    }

    public IReadOnlyList<RgbImage> Pictures(Variant variant, CancellationToken cancellationToken) => variant switch
    {
        Variant.Model => stages.Render(portrait.Conditioning, motion, settings, cancellationToken),
        Variant.Truth => Truth,
        Variant.Vae => stages.Reconstruct(Truth, cancellationToken),
        Variant.PortraitHeld => [.. Enumerable.Repeat(portrait.Cut.Picture, clip.Truth.Count)],
        Variant.DrivingCopied => clip.DrivingReduced,
        Variant.MotionDropped => stages.Render(portrait.Conditioning, motion, WithoutMotion(settings), cancellationToken),
        Variant.AppearanceDropped => stages.Render(WithoutAppearance(portrait.Conditioning), motion, settings, cancellationToken),
        Variant.SeparateWindows => SeparateWindows(cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, null),
    };

    public void Dispose() => motion.Dispose();

    /// <summary>The middle branch, which knows no motion, is all that remains of the motion's guidance.</summary>
    public static RenderDefaults WithoutMotion(RenderDefaults settings) => settings with { Guidance = settings.Guidance with { MinMotion = 0, MaxMotion = 0 } };

    /// <summary>No padding, no overlap, no shift: a clip of the windows' length is one window.</summary>
    public static RenderDefaults AsOneWindow(RenderDefaults settings) =>
        settings with { PaddingFrames = 0, Windows = settings.Windows with { Overlap = 0, Shift = 0 } };

    /// <summary>Every branch gets what the unconditional one has.</summary>
    public static PortraitConditioning WithoutAppearance(PortraitConditioning conditioning)
    {
        var firstLayer = FloatTensor.Zeros([.. conditioning.FirstLayer.Shape.Dimensions]);
        var branch = conditioning.FirstLayer.Values[..(firstLayer.Values.Length / firstLayer.Shape[0])];
        for (var i = 0; i < firstLayer.Shape[0]; i++)
            branch.CopyTo(firstLayer.Values.Slice(i * branch.Length, branch.Length));
        return new PortraitConditioning(
            FloatTensor.Zeros([.. conditioning.ImageTokens.Shape.Dimensions]), FloatTensor.Zeros([.. conditioning.ReferenceLatents.Shape.Dimensions]), firstLayer);
    }

    private List<RgbImage> Truth => [.. clip.Truth.Select(frame => frame.Picture)];

    private List<RgbImage> SeparateWindows(CancellationToken cancellationToken)
    {
        var pictures = new List<RgbImage>();
        var values = new float[motion.ValuesPerFrame];
        for (var start = 0; start < motion.FrameCount; start += settings.Windows.Length)
        {
            using var piece = new MemoryFrameStore(Math.Min(settings.Windows.Length, motion.FrameCount - start), motion.ValuesPerFrame);
            for (var frame = 0; frame < piece.FrameCount; frame++)
            {
                motion.Read(start + frame, values);
                piece.Write(frame, values);
            }

            pictures.AddRange(stages.Render(portrait.Conditioning, piece, AsOneWindow(settings), cancellationToken));
        }

        return pictures;
    }
}
