using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Evaluation.Material;
using HunyuanPortrait.Evaluation.Reading;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>Scores one clip's pictures against its truth.</summary>
/// <param name="truth">Every frame.</param>
/// <param name="settings">Of the render, for seams.</param>
/// <param name="steps">Executed steps.</param>
/// <param name="reader">Reads expressions.</param>
internal sealed class ClipScoring(IReadOnlyList<TrueFrame> truth, RenderDefaults settings, int steps, FactorReader reader)
{
    private readonly RgbImage[] pictures = [.. truth.Select(frame => frame.Picture)];

    /// <summary>Everything but the identity, which needs pictures of others.</summary>
    /// <param name="outputs">One for every frame.</param>
    /// <param name="windowSeams">Where the variant's windows meet; those of the last step when null.</param>
    /// <param name="cancellationToken">Stops between measures.</param>
    public VariantScores Score(IReadOnlyList<RgbImage> outputs, IReadOnlySet<int>? windowSeams, CancellationToken cancellationToken)
    {
        Sums PerFrame(Func<RgbImage, TrueFrame, Sums> measure) => Sums.Total(outputs.Zip(truth, measure));
        var change = FrameChange.Errors(outputs, pictures);
        var frozen = FrameChange.FrozenErrors(pictures);
        return new VariantScores
        {
            FaceError = PerFrame((output, frame) => PictureError.Squared(output, frame.Picture, frame.FaceMask)),
            PictureError = PerFrame((output, frame) => PictureError.Squared(output, frame.Picture)),
            FaceSimilarity = PerFrame((output, frame) => StructuralSimilarity.Of(output, frame.Picture, frame.FaceMask)),
            Moment = Retrieval.FindMoments(outputs, pictures),
            Edges = PerFrame((output, frame) => new Sums(EdgeEnergy.Of(output), EdgeEnergy.Of(frame.Picture))),
            Change = new Sums(change.Sum(), frozen.Sum()),
            WindowSeams = SeamSums.Of(change, windowSeams ?? SeamPositions.OfWindows(settings, truth.Count, steps - 1)),
            WindowSeamsByStep = [.. Enumerable.Range(0, steps).Select(step => SeamSums.Of(change, SeamPositions.OfWindows(settings, truth.Count, step)))],
            DecoderSeams = SeamSums.Of(change, SeamPositions.OfDecoder(settings, truth.Count)),
            Factors = [.. Read(outputs, cancellationToken)],
        };
    }

    private FactorSums[] Read(IReadOnlyList<RgbImage> outputs, CancellationToken cancellationToken)
    {
        var read = reader.Read(outputs, [.. truth.Select(frame => frame.Face)], cancellationToken);
        var sums = new FactorSums[MotionFactors.Count];
        for (var frame = 0; frame < truth.Count; frame++)
        {
            var motion = truth[frame].Motion.ToVector();
            for (var i = 0; i < reader.Factors.Count; i++)
                sums[reader.Factors[i]] += FactorSums.Of(read[frame][i], motion[reader.Factors[i]]);
        }

        return sums;
    }
}
