using System.Text.Json;
using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Options;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>
/// The configuration files that lie beside published weights. Where one is present its values replace the architecture's: head counts,
/// for one, change no tensor shape, so nothing else could tell them. Models of other sizes than the published one bring an
/// <c>architecture.json</c> with the sizes of all networks (training/README.md), because the published files speak of two networks only.
/// </summary>
internal static class PublishedConfiguration
{
    private const string ArchitectureFile = "architecture.json";
    private const string UNetFile = "unet/config.json";
    private const string VaeFile = "vae/config.json";
    private const string SchedulerFile = "scheduler/scheduler_config.json";
    private const int LargestSize = 1 << 16;
    private const int LargestFile = 1 << 20;

    public static Architecture Apply(ImportRequest request)
    {
        var node = (IsDescribed(request.From) ? Parse(request.From, Read(request.From, ArchitectureFile)!) : request.Architecture).ToJson();
        Overlay(request.From, UNetFile, node["unet"]!.AsObject());
        Overlay(request.From, VaeFile, node["vae"]!.AsObject());
        ExpandHeads(node["unet"]!.AsObject());
        if (Read(request.From, SchedulerFile) is { } scheduler)
        {
            RequireKnownSampling(Path.Combine(request.From, SchedulerFile), scheduler);
            Copy(scheduler, node["scheduler"]!.AsObject());
        }
        if (request.WindowLength is { } length)
            node["defaults"]!["windows"]!["length"] = length;
        if (request.ImageSize is { } size)
            node["image_size"] = size;
        var architecture = Parse(request.From, node);
        RequireSizes(request.From, architecture);
        return architecture;
    }

    /// <summary>False for a model that tells its sizes itself, unless they are the published ones: weights of that size ask for a licence whatever lies beside them.</summary>
    public static bool HasPublishedSizes(string folder, Architecture architecture) =>
        !IsDescribed(folder) || architecture.UNet.BlockOutChannels.SequenceEqual(Architecture.Official.UNet.BlockOutChannels);

    private static bool IsDescribed(string folder) => File.Exists(Path.Combine(folder, ArchitectureFile));

    private static Architecture Parse(string source, JsonObject node)
    {
        try
        {
            return Architecture.Parse(node);
        }
        catch (JsonException exception)
        {
            throw CheckpointErrors.BadConfiguration(source, [exception.Message]);
        }
    }

    private static void Overlay(string folder, string file, JsonObject target)
    {
        if (Read(folder, file) is { } config)
            Copy(config, target);
    }

    /// <summary>Only names that the architecture has; published files carry many more.</summary>
    private static void Copy(JsonObject config, JsonObject target)
    {
        foreach (var name in target.Select(pair => pair.Key).ToArray())
        {
            if (config[name] is { } value)
                target[name] = value.DeepClone();
        }
    }

    /// <summary>One number stands for the same number on every level.</summary>
    private static void ExpandHeads(JsonObject unet)
    {
        const string Heads = "num_attention_heads";
        if (unet[Heads] is JsonValue heads && unet["block_out_channels"] is JsonArray levels)
            unet[Heads] = new JsonArray([.. levels.Select(_ => heads.DeepClone())]);
    }

    private static void RequireKnownSampling(string path, JsonObject scheduler)
    {
        var failures = new List<string>();
        Require("prediction_type", "v_prediction");
        Require("timestep_type", "continuous");
        Require("use_karras_sigmas", "true");
        if (failures.Count > 0)
            throw CheckpointErrors.BadConfiguration(path, failures);

        void Require(string name, string expected)
        {
            if (scheduler[name] is { } value && value.ToString() != expected)
                failures.Add($"{name} is '{CheckpointErrors.Shorten(value.ToString())}', only '{expected}' is implemented");
        }
    }

    private static JsonObject? Read(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
            return null;
        try
        {
            return new FileInfo(path).Length <= LargestFile && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject config
                ? config
                : throw CheckpointErrors.BadConfiguration(path, ["it is not a JSON object"]);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // ArgumentException: System.Text.Json reports a repeated property of a JsonObject so.
            throw CheckpointErrors.BadConfiguration(path, [exception.Message]);
        }
    }

    private static void RequireSizes(string source, Architecture architecture)
    {
        var failures = Failures(architecture).Concat(SettingsRules.Failures(architecture.Defaults.Windows)).Concat(SettingsRules.Failures(architecture.Scheduler)).ToList();
        if (failures.Count > 0)
            throw CheckpointErrors.BadConfiguration(source, failures);
    }

    private static IEnumerable<string> Failures(Architecture architecture)
    {
        var (unet, vae) = (architecture.UNet, architecture.Vae);
        int[] sizes =
        [
            architecture.ImageSize, architecture.Defaults.Windows.Length, unet.InChannels, unet.OutChannels, unet.AdditionTimeEmbedDim, unet.CrossAttentionDim,
            unet.LayersPerBlock, unet.ProjectionClassEmbeddingsInputDim, unet.NormNumGroups, .. unet.BlockOutChannels, .. unet.NumAttentionHeads,
            vae.InChannels, vae.OutChannels, vae.LatentChannels, vae.LayersPerBlock, vae.NormNumGroups, .. vae.BlockOutChannels,
        ];
        if (sizes.Any(size => size is < 1 or > LargestSize))
        {
            yield return $"a size is not between 1 and {LargestSize}";
            yield break;
        }
        if (unet.Levels is < 1 or > 8 || vae.BlockOutChannels.Count is < 1 or > 8)
        {
            yield return "unet and vae must have 1 to 8 levels";
            yield break;
        }
        if (unet.NumAttentionHeads.Count != unet.Levels || unet.DownBlockTypes.Count != unet.Levels || unet.UpBlockTypes.Count != unet.Levels)
            yield return $"unet has {unet.Levels} levels, {unet.NumAttentionHeads.Count} head counts, {unet.DownBlockTypes.Count} and {unet.UpBlockTypes.Count} block types";
        else if (unet.BlockOutChannels.Zip(unet.NumAttentionHeads).Any(level => level.First % level.Second != 0))
            yield return "unet: channels of every level must be divisible by its head count";
        if (unet.BlockOutChannels.Any(channels => channels % unet.NormNumGroups != 0) || vae.BlockOutChannels.Any(channels => channels % vae.NormNumGroups != 0))
            yield return "channels of every level must be divisible by norm_num_groups";
        var multiple = vae.Downscale << (unet.Levels - 1);
        if (architecture.ImageSize % multiple != 0)
            yield return $"the picture size {architecture.ImageSize} must be a multiple of {multiple}";
    }
}
