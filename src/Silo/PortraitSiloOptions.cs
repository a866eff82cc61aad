using System.ComponentModel.DataAnnotations;
using System.Net;
using HunyuanPortrait.Grains.Hosting;
using StackExchange.Redis;

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

    /// <summary>
    /// IP address at which other silos and clients reach this one: 127.0.0.1 by default, so that nobody outside of this machine does. With Kubernetes
    /// clustering it is the pod's.
    /// </summary>
    [Required]
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>IP address to listen at, where it is another one than <see cref="Address"/>: <c>0.0.0.0</c> behind a translated address.</summary>
    public string? ListenAddress { get; set; }

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

    internal bool HasOtherAddress => !IPAddress.TryParse(Address, out var address) || !IPAddress.IsLoopback(address);
}

/// <summary>Checks ranges and what belongs together; reports everything at once.</summary>
internal static class PortraitSiloRules
{
    public static IEnumerable<string> Failures(PortraitSiloOptions options) =>
        OptionSection.Violations(SiloConfiguration.SiloSection, options).Concat(Contradictions(options));

    private static IEnumerable<string> Contradictions(PortraitSiloOptions options)
    {
        if (options.Roles is SiloRoles.None || (options.Roles & ~(SiloRoles.Control | SiloRoles.Gpu)) != 0)
            yield return $"Silo:Roles ({options.Roles}) must be Control, Gpu or both.";
        if (options.Clustering != ClusteringKind.Localhost && RedisProblem(options.Redis) is { } problem)
            yield return $"Silo:Redis {problem}; Silo:Clustering ({options.Clustering}) needs the address of a Redis server, as 127.0.0.1:6379.";
        if (string.IsNullOrEmpty(options.AzureConnection) && string.IsNullOrEmpty(options.Directory))
            yield return "Silo:Directory or Silo:AzureConnection must say where artifacts are kept; both are empty.";
        if (options.Roles.HasFlag(SiloRoles.Gpu) && options.Models.Count == 0)
            yield return "Silo:Models:0 (nothing) must name a model directory, because Silo:Roles has Gpu.";
        if (options.SiloPort == options.GatewayPort)
            yield return $"Silo:SiloPort and Silo:GatewayPort ({options.SiloPort}) must differ.";
        foreach (var (name, address) in new[] { (nameof(options.Address), options.Address), (nameof(options.ListenAddress), options.ListenAddress) })
        {
            if (address is not null && !IPAddress.TryParse(address, out _))
                yield return $"Silo:{name} ({address}) must be an IP address.";
        }

        if (options.Clustering == ClusteringKind.Localhost && options.HasOtherAddress)
            yield return $"Silo:Address ({options.Address}) must be 127.0.0.1 with Silo:Clustering (Localhost): silos on several machines find each other through Redis.";
    }

    // The text may hold a password, so it is not shown.
    private static string? RedisProblem(string? redis)
    {
        if (string.IsNullOrEmpty(redis))
            return "is empty";
        try
        {
            return ConfigurationOptions.Parse(redis).EndPoints.Count > 0 ? null : "names no server";
        }
        catch (ArgumentException)
        {
            return "cannot be read";
        }
    }
}
