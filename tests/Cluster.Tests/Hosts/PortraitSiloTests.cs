using System.Net;
using System.Net.Sockets;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace HunyuanPortrait.Cluster.Tests.Hosts;

/// <summary>How silos are put together; none is started here.</summary>
public sealed class PortraitSiloTests : IDisposable
{
    // Nobody listens there, and nobody is waited for.
    private const string NoRedis = "127.0.0.1:1,abortConnect=false,connectTimeout=50,connectRetry=0";

    private readonly string folder = Directory.CreateTempSubdirectory("portrait-silo-test-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_Redis_ListensOnLoopbackOnly()
    {
        using var host = await BuildAsync(Options(ClusteringKind.Redis));
        var endpoints = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal(IPAddress.Loopback, endpoints.AdvertisedIPAddress);
        Assert.Equal(IPAddress.Loopback, endpoints.SiloListeningEndpoint?.Address);
        Assert.Equal(IPAddress.Loopback, endpoints.GatewayListeningEndpoint?.Address);
    }

    [Fact]
    public async Task Create_RedisWithAddress_TellsOthersThatAddress()
    {
        var options = Options(ClusteringKind.Redis);
        (options.Address, options.ListenAddress) = ("10.1.2.3", "0.0.0.0");
        using var host = await BuildAsync(options);
        var endpoints = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal(IPAddress.Parse("10.1.2.3"), endpoints.AdvertisedIPAddress);
        Assert.Equal(new IPEndPoint(IPAddress.Any, options.SiloPort), endpoints.SiloListeningEndpoint);
        Assert.Equal(new IPEndPoint(IPAddress.Any, options.GatewayPort), endpoints.GatewayListeningEndpoint);
    }

    [Fact]
    public async Task Create_Kubernetes_HasItsAgentAndTheTableInRedis()
    {
        var builder = await PortraitSilo.CreateBuilderAsync(Options(ClusteringKind.Kubernetes), cancellationToken: Token);
        using var host = builder.Build();
        Assert.Contains(builder.Services, service => service.ImplementationType?.Name == "KubernetesClusterAgent");
        Assert.Equal("RedisMembershipTable", host.Services.GetRequiredService<IMembershipTable>().GetType().Name);
    }

    [Fact]
    public async Task Create_NoRedisThere_IsRefused()
    {
        var options = Options(ClusteringKind.Redis);
        options.Redis = "127.0.0.1:1,connectTimeout=50,connectRetry=0,password=secret";
        var refusal = await Assert.ThrowsAsync<RenderException>(() => PortraitSilo.CreateBuilderAsync(options, cancellationToken: Token));
        Assert.Equal("HP6201", refusal.Code);
        Assert.Contains("127.0.0.1:1", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_PortInUse_IsRefused()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var options = Options(ClusteringKind.Localhost);
        options.GatewayPort = ((IPEndPoint)other.LocalEndpoint).Port;
        var refusal = await Assert.ThrowsAsync<RenderException>(() => PortraitSilo.CreateBuilderAsync(options, cancellationToken: Token));
        Assert.Equal("HP6202", refusal.Code);
        Assert.StartsWith($"Silo:GatewayPort: nothing can listen at 127.0.0.1:{options.GatewayPort}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_LongGracePeriod_IsWaitedFor()
    {
        var builder = await PortraitSilo.CreateBuilderAsync(
            Options(ClusteringKind.Localhost), services => services.Configure<CoordinationOptions>(coordination => coordination.DrainGrace = TimeSpan.FromMinutes(9)), Token);
        using var host = builder.Build();
        Assert.True(host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout > TimeSpan.FromMinutes(9));
    }

    [Fact]
    public void RefusalIn_WrappedByTheHost_IsFound()
    {
        var refusal = new RenderException("HP2901", "no model");
        Assert.Same(refusal, PortraitSilo.RefusalIn(new InvalidOperationException("start", new AggregateException(new IOException(), refusal))));
        Assert.Null(PortraitSilo.RefusalIn(new InvalidOperationException("start")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<IHost> BuildAsync(PortraitSiloOptions options) => (await PortraitSilo.CreateBuilderAsync(options, cancellationToken: Token)).Build();

    private PortraitSiloOptions Options(ClusteringKind clustering)
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return new PortraitSiloOptions
        {
            Roles = SiloRoles.Control,
            Clustering = clustering,
            Redis = NoRedis,
            Directory = folder,
            SiloPort = ((IPEndPoint)silo.LocalEndpoint).Port,
            GatewayPort = ((IPEndPoint)gateway.LocalEndpoint).Port,
        };
    }
}
