using System.Globalization;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Workers;
using HunyuanPortrait.Silo;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;
using HunyuanPortrait.Storage.Histories;
using HunyuanPortrait.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HunyuanPortrait.Chaos.Silos;

/// <summary>A silo as this program starts it: the product's, with a history, and on a GPU silo of a simulated run a simulated device.</summary>
internal static class SiloProcess
{
    public const string Verb = "silo";
    public const string ReadyText = "the silo has started";

    /// <summary>Runs until it is asked to end.</summary>
    /// <param name="arguments">Sections Silo, Coordination and Chaos (Name, Histories, Simulated, WindowMilliseconds), as the command line of a host has them.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        var options = configuration.GetSection("Silo").Get<PortraitSiloOptions>() ?? new PortraitSiloOptions();
        var chaos = configuration.GetSection("Chaos");
        using var history = HistoryFile.Create(chaos["Histories"]!, chaos["Name"]!, TimeProvider.System);
        var builder = await PortraitSilo.CreateBuilderAsync(options, services =>
        {
            services.Configure<CoordinationOptions>(configuration.GetSection("Coordination"));
            services.AddSingleton<IClusterHistory>(history);
            if (chaos.GetValue<bool>("Simulated"))
                AddSimulatedDevice(services, TimeSpan.FromMilliseconds(chaos.GetValue<double>("WindowMilliseconds")));
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("HunyuanPortrait", LogLevel.Debug).AddFilter("Orleans.Runtime.GrainDirectory", LogLevel.Information)
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(ReadyText);
        await host.WaitForShutdownAsync();
    }

    /// <summary>One option on the command line.</summary>
    public static string[] Option(string name, object value) => ["--" + name, Convert.ToString(value, CultureInfo.InvariantCulture)!];

    private static void AddSimulatedDevice(IServiceCollection services, TimeSpan window) => services.AddSingleton(provider => new SiloDevices(
    [
        new TaskExecutor(
            provider.GetRequiredService<IArtifactStore>(), SimulatedJobs.Ports(new SimulatedCost(window)), new WorkerOptions(),
            provider.GetRequiredService<IClusterHistory>()),
    ]));
}
