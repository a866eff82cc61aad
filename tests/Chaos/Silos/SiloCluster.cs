using HunyuanPortrait.Chaos.Running;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Storage.Azure;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using StackExchange.Redis;

namespace HunyuanPortrait.Chaos.Silos;

/// <summary>The product, started by this program, with one job.</summary>
/// <param name="job">The job.</param>
internal sealed class SiloCluster(TestedJob job) : ITestedCluster
{
    public const string ClusterId = "chaos";

    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    public TaskPlan Plan => job.Plan;

    public ReadOnlyMemory<byte> Expected => job.Expected;

    public int SlotsOfGpuSilo => 2;

    public ChildCommand Silo(SiloName silo, ClusterPlace place)
    {
        var ports = LoopbackPorts.Free(2);
        string[] arguments =
        [
            typeof(SiloProcess).Assembly.Location, SiloProcess.Verb,
            .. SiloProcess.Option("Silo:Roles", silo.Role), .. SiloProcess.Option("Silo:ClusterId", ClusterId),
            .. SiloProcess.Option("Silo:Clustering", "Redis"), .. SiloProcess.Option("Silo:Redis", RedisOf(place)),
            .. SiloProcess.Option("Silo:SiloPort", ports[0]), .. SiloProcess.Option("Silo:GatewayPort", ports[1]),
            .. StoreOf(place), .. SiloProcess.Option("Silo:FastFailureDetection", true),
            .. SiloProcess.Option("Coordination:LeaseDuration", job.LeaseDuration), .. SiloProcess.Option("Coordination:PollDuration", TimeSpan.FromSeconds(2)),
            .. SiloProcess.Option("Coordination:SweepInterval", TimeSpan.FromSeconds(1)), .. SiloProcess.Option("Coordination:TasksInHand", SlotsOfGpuSilo),
            .. SiloProcess.Option("Chaos:Name", silo), .. SiloProcess.Option("Chaos:Histories", place.Histories),
            .. silo.Role == SiloRole.Gpu ? job.DeviceArguments : [],
        ];
        return new ChildCommand(silo.ToString(), "dotnet", arguments, SiloProcess.ReadyText);
    }

    public async Task<IJobClient> ConnectAsync(ClusterPlace place, CancellationToken cancellationToken)
    {
        var store = await OpenStoreAsync(place, cancellationToken);
        await job.StoreAssetsAsync(store);
        var host = Client(place);
        await host.StartAsync(cancellationToken);
        return new JobClient(host, store, job);
    }

    private static IHost Client(ClusterPlace place)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (ClusterId, ClusterId))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout)
            .Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2))
            .UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(RetryPause, TimeProvider.System, token);
                return true;
            })
            .UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(RedisOf(place))));
        return builder.Build();
    }

    // A process that comes back while Redis is away waits for it.
    private static string RedisOf(ClusterPlace place) => $"127.0.0.1:{place.RedisPort},abortConnect=false";

    private static string[] StoreOf(ClusterPlace place) => place.BlobConnection is { } blobs
        ? SiloProcess.Option("Silo:AzureConnection", blobs)
        : SiloProcess.Option("Silo:Directory", place.Store);

    private static async Task<IArtifactStore> OpenStoreAsync(ClusterPlace place, CancellationToken cancellationToken) => place.BlobConnection is { } blobs
        ? await AzureArtifactStore.OpenAsync(new AzureStoreOptions(blobs, "portrait"), cancellationToken)
        : await LocalArtifactStore.OpenAsync(place.Store, ClusterId, cancellationToken);
}
