using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Evaluation.Material;
using HunyuanPortrait.Evaluation.Measures;
using HunyuanPortrait.Evaluation.Reading;
using HunyuanPortrait.Evaluation.Variants;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Rendering.Clips;

namespace HunyuanPortrait.Evaluation;

/// <summary>
/// Draws held-out persons and performances, renders them with a model at its defaults, and scores every way of making the pictures (docs/evaluation.md).
/// Equal plans and models give equal results.
/// </summary>
/// <param name="model">The model; not disposed here.</param>
/// <param name="reader">Reads expressions; not disposed here.</param>
public sealed class Evaluator(PortraitModel model, FactorReader reader)
{
    private readonly ClipStages stages = new(model);

    /// <summary>Evaluates.</summary>
    /// <param name="plan">What to draw.</param>
    /// <param name="ablationClips">How many of the clips are rendered with parts left out, too.</param>
    /// <param name="progress">Told before every piece of work; null for nobody.</param>
    /// <param name="cancellationToken">Interrupts a running network.</param>
    public EvaluationResult Run(
        EvaluationPlan plan, int ablationClips, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clips = new List<ScoredClip>();
        for (var clip = 0; clip < plan.Clips; clip++)
        {
            var variants = clip < ablationClips ? [.. VariantGroups.Always, .. VariantGroups.Ablations] : VariantGroups.Always;
            clips.Add(RunClip(plan.At(clip), variants, work => progress?.Report(new EvaluationProgress(clip + 1, plan.Clips, work)), cancellationToken));
        }

        return new EvaluationResult(plan, Math.Min(ablationClips, plan.Clips), clips);
    }

    private ScoredClip RunClip(ClipPlan plan, IReadOnlyList<Variant> variants, Action<string> report, CancellationToken cancellationToken)
    {
        var settings = model.Manifest.Defaults;
        var steps = NoiseSchedule.Create(model.Manifest.Scheduler, settings.InferenceSteps, settings.Strength).StepCount;
        report("drawing");
        var painter = new ClipPainter(model.Manifest.Geometry.Width);
        var material = painter.Paint(plan, cancellationToken);
        var outputs = new Dictionary<Variant, IReadOnlyList<RgbImage>>();
        using (var rendering = new ClipRendering(stages, material, settings, cancellationToken))
        {
            foreach (var variant in variants)
            {
                report(Text(variant));
                outputs.Add(variant, rendering.Pictures(variant, cancellationToken));
            }
        }

        report("scoring");
        var identities = FindIdentities(plan, material, painter, outputs, cancellationToken);
        var scoring = new ClipScoring(material.Truth, settings, steps, reader);
        var scores = outputs.ToDictionary(output => output.Key, output =>
            scoring.Score(output.Value, SeamsOf(output.Key, settings, material.Truth.Count), cancellationToken) with { Identity = identities[output.Key] });
        return new ScoredClip(plan, material, outputs, scores);
    }

    /// <summary>Nineteen others are drawn once for every frame and serve all variants.</summary>
    private static Dictionary<Variant, Sums> FindIdentities(
        ClipPlan plan, ClipMaterial material, ClipPainter painter, Dictionary<Variant, IReadOnlyList<RgbImage>> outputs, CancellationToken cancellationToken)
    {
        var found = outputs.Keys.ToDictionary(variant => variant, _ => new bool[material.Truth.Count]);
        Parallel.For(0, material.Truth.Count, new ParallelOptions { CancellationToken = cancellationToken }, frame =>
        {
            var truth = material.Truth[frame];
            var others = painter.PaintOthers(plan, material.Portrait, frame);
            foreach (var (variant, pictures) in outputs)
                found[variant][frame] = Retrieval.FindsIdentity(pictures[frame], truth.Picture, others, truth.FaceMask);
        });
        return found.ToDictionary(entry => entry.Key, entry => Sums.Total(entry.Value.Select(Sums.Of)));
    }

    private static IReadOnlySet<int>? SeamsOf(Variant variant, RenderDefaults settings, int frames) =>
        variant == Variant.SeparateWindows ? SeamPositions.OfPieces(settings.Windows.Length, frames) : null;

    private static string Text(Variant variant) => variant switch
    {
        Variant.Model => "rendering",
        Variant.MotionDropped => "rendering without motion",
        Variant.AppearanceDropped => "rendering without the portrait",
        Variant.SeparateWindows => "rendering window by window",
        Variant.Vae => "through the VAE",
        _ => "baselines",
    };
}

/// <summary>Where an evaluation is.</summary>
/// <param name="Clip">Counted from 1.</param>
/// <param name="Clips">All.</param>
/// <param name="Work">What begins.</param>
public readonly record struct EvaluationProgress(int Clip, int Clips, string Work);

/// <summary>One clip, its pictures and its scores.</summary>
/// <param name="Plan">What was drawn.</param>
/// <param name="Material">The drawings.</param>
/// <param name="Outputs">The pictures of every variant.</param>
/// <param name="Scores">Of every variant.</param>
public sealed record ScoredClip(
    ClipPlan Plan, ClipMaterial Material, IReadOnlyDictionary<Variant, IReadOnlyList<RgbImage>> Outputs, IReadOnlyDictionary<Variant, VariantScores> Scores);

/// <summary>All clips.</summary>
/// <param name="Plan">What was drawn.</param>
/// <param name="AblationClips">The first so many clips have the ablations too.</param>
/// <param name="Clips">In order.</param>
public sealed record EvaluationResult(EvaluationPlan Plan, int AblationClips, IReadOnlyList<ScoredClip> Clips);
