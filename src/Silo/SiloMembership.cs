using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using StackExchange.Redis;

namespace HunyuanPortrait.Silo;

/// <summary>How a silo finds the others and is found by them.</summary>
internal static class SiloMembership
{
    /// <summary>A member that does not answer for two seconds is given up, on one other member's word.</summary>
    public static void DetectFailuresFast(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedProbesLimit = 2;
        membership.NumVotesForDeathDeclaration = 1;
        membership.TableRefreshTimeout = membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }

    /// <summary>Connects to Redis, so that a wrong address is a refusal at the start and no failure in the middle of it.</summary>
    /// <exception cref="Core.Errors.RenderException">HP6201: it does not answer.</exception>
    public static async Task<IConnectionMultiplexer> ConnectAsync(string redis)
    {
        var options = ConfigurationOptions.Parse(redis);
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
        }
        catch (RedisConnectionException failure)
        {
            throw SiloErrors.RedisUnavailable(string.Join(", ", options.EndPoints), failure);
        }
    }

    /// <summary>Where the silo listens, and what it tells others.</summary>
    public static void Listen(EndpointOptions endpoints, PortraitSiloOptions options)
    {
        var listen = ListenAddress(options);
        (endpoints.SiloPort, endpoints.GatewayPort) = (options.SiloPort, options.GatewayPort);
        endpoints.AdvertisedIPAddress = IPAddress.Parse(options.Address);
        endpoints.SiloListeningEndpoint = new IPEndPoint(listen, options.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, options.GatewayPort);
    }

    /// <exception cref="Core.Errors.RenderException">HP6202: somebody listens there already, or the address is none of this machine's.</exception>
    public static void RequireFreePorts(PortraitSiloOptions options)
    {
        RequireFree(nameof(options.SiloPort), new IPEndPoint(ListenAddress(options), options.SiloPort));
        RequireFree(nameof(options.GatewayPort), new IPEndPoint(ListenAddress(options), options.GatewayPort));
    }

    private static IPAddress ListenAddress(PortraitSiloOptions options) => options.Clustering == ClusteringKind.Kubernetes
        ? IPAddress.Any
        : IPAddress.Parse(options.ListenAddress ?? options.Address);

    private static void RequireFree(string option, IPEndPoint endpoint)
    {
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
        }
        catch (SocketException failure)
        {
            throw SiloErrors.PortTaken($"{SiloConfiguration.SiloSection}:{option}", endpoint.ToString(), failure);
        }
    }
}
