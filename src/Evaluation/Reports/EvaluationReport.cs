using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Evaluation.Measures;
using HunyuanPortrait.Evaluation.Variants;

namespace HunyuanPortrait.Evaluation.Reports;

/// <summary>What <c>evaluate --json</c> writes. The first seven are the model's main figures; every variant has figures of the same names.</summary>
public sealed record EvaluationReport
{
    /// <summary>dB in the face region above the better baseline.</summary>
    public required double PsnrGainDb { get; init; }

    /// <summary>Among 20.</summary>
    public required double IdentityRetrieval { get; init; }

    /// <summary>Within two frames.</summary>
    public required double MotionRetrieval { get; init; }

    /// <summary>Mean of jaw, eyelids, gaze and smile.</summary>
    public required double ExpressionR2 { get; init; }

    /// <summary>Over the truth's.</summary>
    public required double EdgeEnergy { get; init; }

    /// <summary>Below 1: steadier than it moves.</summary>
    public required double FlickerRatio { get; init; }

    /// <summary>1: no seam to be seen.</summary>
    public required double SeamRatio { get; init; }

    /// <summary>The figures against what is asked for.</summary>
    public required IReadOnlyList<TargetResult> Targets { get; init; }

    /// <summary>Where 95 % of the main figures would lie with other clips.</summary>
    public required IReadOnlyDictionary<string, Interval> Spread { get; init; }

    /// <summary>All figures of the model.</summary>
    public required VariantFigures Model { get; init; }

    /// <summary>Perfect pictures, and perfect pictures through the VAE.</summary>
    public required IReadOnlyDictionary<string, VariantFigures> References { get; init; }

    /// <summary>They must lose.</summary>
    public required IReadOnlyDictionary<string, VariantFigures> Baselines { get; init; }

    /// <summary>Parts left out, on the first clips only, with the model on the same clips.</summary>
    public required AblationFigures Ablations { get; init; }

    /// <summary>What guessing gets.</summary>
    public required ChanceLevels Chance { get; init; }

    /// <summary>The model clip by clip.</summary>
    public required IReadOnlyList<VariantFigures> PerClip { get; init; }

    /// <summary>What was drawn.</summary>
    public required DrawnMaterial Material { get; init; }

    /// <summary>What was evaluated.</summary>
    public required EvaluatedModel Evaluated { get; init; }
}

/// <summary>A figure and what is asked of it.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Wanted">In words.</param>
/// <param name="Met">Whether it is met.</param>
public sealed record TargetResult(string Figure, double Value, string Wanted, bool Met);

/// <summary>The ablations, with the model on the same clips.</summary>
/// <param name="Clips">How many.</param>
/// <param name="Model">All parts.</param>
/// <param name="MotionDropped">Motion guidance 0.</param>
/// <param name="AppearanceDropped">No portrait.</param>
/// <param name="SeparateWindows">Windows denoised one by one.</param>
public sealed record AblationFigures(
    int Clips, VariantFigures? Model, VariantFigures? MotionDropped, VariantFigures? AppearanceDropped, VariantFigures? SeparateWindows);

/// <summary>What guessing gets.</summary>
/// <param name="IdentityRetrieval">One of twenty.</param>
/// <param name="MotionRetrieval">Frames within the tolerance over the clip's.</param>
public sealed record ChanceLevels(double IdentityRetrieval, double MotionRetrieval);

/// <summary>What was drawn.</summary>
/// <param name="Seed">Selects everything.</param>
/// <param name="Clips">Portraits and performances.</param>
/// <param name="FramesPerClip">Each a picture.</param>
/// <param name="Pictures">All.</param>
/// <param name="Identities">Among whom a picture must find its own.</param>
/// <param name="Persons">Portrait and driver of every clip, by number.</param>
public sealed record DrawnMaterial(ulong Seed, int Clips, int FramesPerClip, int Pictures, int Identities, IReadOnlyList<ClipPersons> Persons);

/// <summary>Who a clip shows.</summary>
public sealed record ClipPersons(uint Portrait, uint Driver);

/// <summary>What was evaluated, and with what.</summary>
/// <param name="Directory">The model's.</param>
/// <param name="Name">The model's.</param>
/// <param name="Kind">What its pictures are worth.</param>
/// <param name="Precision">Of its weights.</param>
/// <param name="ManifestSha256">Of <c>model.json</c>, which holds the hashes of every network.</param>
/// <param name="Settings">The model's defaults, at which it was rendered.</param>
/// <param name="Reader">The factor reader.</param>
public sealed record EvaluatedModel(
    string Directory, string Name, ModelKind Kind, string Precision, string ManifestSha256, RenderDefaults Settings, ReaderSummary Reader);

/// <summary>The factor reader.</summary>
/// <param name="Sha256">Of its graph.</param>
/// <param name="R2">How well it read held-out stills after its training; on the drawings of this evaluation see <c>references.truth</c>.</param>
public sealed record ReaderSummary(string Sha256, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> R2);

/// <summary>Result → report.</summary>
public static class ReportAssembly
{
    /// <summary>Computes every figure.</summary>
    public static EvaluationReport Of(EvaluationResult result, EvaluatedModel evaluated)
    {
        var all = new ClipSelection(result.Clips);
        var model = all.Figures(Variant.Model);
        var ablations = Ablations(new ClipSelection([.. result.Clips.Take(result.AblationClips)]), result.AblationClips);
        var plan = result.Plan;
        return new EvaluationReport
        {
            PsnrGainDb = model.PsnrGainDb,
            IdentityRetrieval = model.IdentityRetrieval,
            MotionRetrieval = model.MotionRetrieval,
            ExpressionR2 = model.ExpressionR2,
            EdgeEnergy = model.EdgeEnergy,
            FlickerRatio = model.FlickerRatio,
            SeamRatio = model.SeamRatio,
            Targets = EvaluationTargets.Check(model, ablations),
            Spread = Spread(result),
            Model = model,
            References = Named(all, Variant.Truth, Variant.Vae),
            Baselines = Named(all, Variant.PortraitHeld, Variant.DrivingCopied),
            Ablations = ablations,
            Chance = new ChanceLevels(1.0 / Material.EvaluationPlan.Identities, Retrieval.MomentChance(plan.FramesPerClip)),
            PerClip = [.. result.Clips.Select(clip => new ClipSelection([clip]).Figures(Variant.Model))],
            Material = new DrawnMaterial(
                plan.Seed, plan.Clips, plan.FramesPerClip, plan.Pictures, Evaluation.Material.EvaluationPlan.Identities,
                [.. result.Clips.Select(clip => new ClipPersons(clip.Plan.Portrait, clip.Plan.Driver))]),
            Evaluated = evaluated,
        };
    }

    private static Dictionary<string, VariantFigures> Named(ClipSelection clips, params Variant[] variants) =>
        variants.ToDictionary(variant => char.ToLowerInvariant(variant.ToString()[0]) + variant.ToString()[1..], clips.Figures);

    private static AblationFigures Ablations(ClipSelection clips, int count) => count == 0
        ? new AblationFigures(0, null, null, null, null)
        : new AblationFigures(
            count, clips.Figures(Variant.Model), clips.Figures(Variant.MotionDropped), clips.Figures(Variant.AppearanceDropped), clips.Figures(Variant.SeparateWindows));

    private static Dictionary<string, Interval> Spread(EvaluationResult result)
    {
        Interval Of(Func<VariantFigures, double> figure) => Bootstrap.Of(
            result.Clips.Count, chosen => figure(new ClipSelection([.. chosen.Select(clip => result.Clips[clip])]).Figures(Variant.Model)));
        return new()
        {
            ["psnrGainDb"] = Of(figures => figures.PsnrGainDb),
            ["identityRetrieval"] = Of(figures => figures.IdentityRetrieval),
            ["motionRetrieval"] = Of(figures => figures.MotionRetrieval),
            ["expressionR2"] = Of(figures => figures.ExpressionR2),
            ["edgeEnergy"] = Of(figures => figures.EdgeEnergy),
            ["flickerRatio"] = Of(figures => figures.FlickerRatio),
            ["seamRatio"] = Of(figures => figures.SeamRatio),
        };
    }

    private sealed record ClipSelection(IReadOnlyList<ScoredClip> Clips)
    {
        public VariantFigures Figures(Variant variant) => VariantFigures.Of(Total(variant), Total(Variant.PortraitHeld), Total(Variant.DrivingCopied));

        private VariantScores Total(Variant variant) => VariantScores.Total(Clips.Select(clip => clip.Scores[variant]));
    }
}
