using System.ComponentModel.DataAnnotations;
using HunyuanPortrait.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Silo;

/// <summary>How silos find each other.</summary>
public enum ClusteringKind
{
    /// <summary>One process, or several on one machine that name the first one's port.</summary>
    Localhost,

    /// <summary>A Redis server keeps the table of members.</summary>
    Redis,

    /// <summary>As <see cref="Redis"/>, in pods: names and addresses come from Kubernetes.</summary>
    Kubernetes,
}

/// <summary>One silo, configuration section <c>Silo</c>. Immutable after start.</summary>
public sealed class PortraitSiloOptions
{
    /// <summary>What the silo does; both roles by default.</summary>
    public SiloRoles Roles { get; set; } = SiloRoles.Control | SiloRoles.Gpu;

    /// <summary>How silos find each other; within this machine by default.</summary>
    public ClusteringKind Clustering { get; set; } = ClusteringKind.Localhost;

    /// <summary>Which silos belong together.</summary>
    [Required]
    public string ClusterId { get; set; } = "portrait";

    /// <summary>Redis, as its client writes it: <c>127.0.0.1:6379</c>. Needed by Redis and Kubernetes clustering, ignored otherwise.</summary>
    public string? Redis { get; set; }

    /// <summary>Port for other silos; 11111 by default.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Port for clients of the cluster; 30000 by default.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>Port of the silo that others on this machine join, for localhost clustering; null for the first one.</summary>
    [Range(1, 65_535)]
    public int? PrimarySiloPort { get; set; }

    /// <summary>Folder of the artifacts. Ignored when <see cref="AzureConnection"/> is set.</summary>
    public string? Directory { get; set; }

    /// <summary>Connection string of the Azure storage account that holds the artifacts; null for a folder.</summary>
    public string? AzureConnection { get; set; }

    /// <summary>Blob container of the artifacts.</summary>
    [Required]
    public string AzureContainer { get; set; } = "portrait";

    /// <summary>Blob service version to speak; the client's newest when null.</summary>
    public string? AzureServiceVersion { get; set; }

    /// <summary>Model directories of a GPU silo.</summary>
    public IList<string> Models { get; set; } = [];

    /// <summary>Execution provider of a GPU silo: <c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</summary>
    [Required]
    public string Provider { get; set; } = "cpu";

    /// <summary>Number of the device, from 0. One silo a device.</summary>
    [Range(0, 64)]
    public int DeviceId { get; set; }

    /// <summary>Threads inside one operator; 0 for one per core. Leave a core to the silo.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Folder for temporary files; the system's when null.</summary>
    public string? ScratchFolder { get; set; }

    /// <summary>Whether a member that does not answer is given up within seconds; for tests and machines that are not overloaded.</summary>
    public bool FastFailureDetection { get; set; }
}

/// <summary>Checks ranges.</summary>
[OptionsValidator]
internal sealed partial class PortraitSiloRanges : IValidateOptions<PortraitSiloOptions>;

/// <summary>Checks what belongs together; reports everything at once.</summary>
internal sealed class PortraitSiloRules : IValidateOptions<PortraitSiloOptions>
{
    public ValidateOptionsResult Validate(string? name, PortraitSiloOptions options)
    {
        var failures = Failures(options).ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(PortraitSiloOptions options)
    {
        if (options.Roles == SiloRoles.None)
            yield return "Silo:Roles must be Control, Gpu or both.";
        if (options.Clustering != ClusteringKind.Localhost && string.IsNullOrEmpty(options.Redis))
            yield return $"Silo:Redis is needed for Silo:Clustering ({options.Clustering}): the address of a Redis server, as 127.0.0.1:6379.";
        if (string.IsNullOrEmpty(options.AzureConnection) && string.IsNullOrEmpty(options.Directory))
            yield return "Silo:Directory or Silo:AzureConnection must say where artifacts are kept.";
        if (options.Roles.HasFlag(SiloRoles.Gpu) && options.Models.Count == 0)
            yield return "Silo:Models must name at least one model directory, because Silo:Roles has Gpu.";
        if (options.SiloPort == options.GatewayPort)
            yield return $"Silo:SiloPort and Silo:GatewayPort ({options.SiloPort}) must differ.";
    }
}
