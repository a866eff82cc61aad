using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Silo;

/// <summary>Refusals of a silo's start: HP32xx what it was told, HP62xx what it met.</summary>
public static class SiloErrors
{
    /// <summary>HP3201: options that are unknown, malformed, out of range, or that contradict each other; all of them at once.</summary>
    public static RenderException InvalidOptions(IEnumerable<string> failures) => new("HP3201", $"The silo cannot be started. {string.Join(' ', failures)}");

    /// <summary>HP6201: the server of the table of members does not answer.</summary>
    public static RenderException RedisUnavailable(string endpoints, Exception cause) => new(
        "HP6201", $"Redis does not answer at {endpoints}. Check Silo:Redis, and that the server is running and can be reached from here.",
        cause, isTransient: true);

    /// <summary>HP6203: no silo of the cluster can be reached.</summary>
    public static RenderException ClusterUnavailable(string cluster, Exception cause) => new(
        "HP6203", $"No silo of the cluster {cluster} answers. Check that it is running: './portrait cluster up' starts one.", cause, isTransient: true);

    /// <summary>HP6202: somebody listens where the silo should.</summary>
    public static RenderException PortTaken(string option, string endpoint, Exception cause) => new(
        "HP6202", $"{option}: nothing can listen at {endpoint}: {cause.Message}. Another silo may be running: give each one on a machine ports of its own.", cause);
}
