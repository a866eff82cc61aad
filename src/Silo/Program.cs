using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Exit code 0: it was asked to end and has; 1: it could not be started, or failed; 2: its options cannot be used.
try
{
    var configuration = SiloConfiguration.Read(args);
    var builder = await PortraitSilo.CreateBuilderAsync(
        configuration.Silo,
        services => services
            .Configure<CoordinationOptions>(configuration.Configuration.GetSection("Coordination"))
            .Configure<RetentionOptions>(configuration.Configuration.GetSection("Retention"))).ConfigureAwait(false);
    builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("HunyuanPortrait", LogLevel.Information).AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
        .AddConfiguration(configuration.Configuration.GetSection("Logging"))
        .AddSimpleConsole(console => console.SingleLine = true);
    using var host = builder.Build();
    await host.StartAsync().ConfigureAwait(false);
    Console.WriteLine($"silo started: {PortraitSilo.Describe(configuration.Silo)}");
    await host.WaitForShutdownAsync().ConfigureAwait(false);
    return 0;
}
catch (Exception failure) when (PortraitSilo.RefusalIn(failure) is { } refusal)
{
    Console.Error.WriteLine($"error {refusal.Code}: {refusal.Message}");
    return refusal.Code.StartsWith("HP3", StringComparison.Ordinal) ? 2 : 1;
}
