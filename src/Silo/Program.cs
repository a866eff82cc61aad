using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Sections Silo and Coordination, from appsettings.json, environment (Silo__Roles=Gpu) and command line (--Silo:Roles Gpu).
var configuration = new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
    .AddEnvironmentVariables()
    .AddCommandLine(args)
    .Build();
var options = configuration.GetSection("Silo").Get<PortraitSiloOptions>() ?? new PortraitSiloOptions();
var builder = await PortraitSilo.CreateBuilderAsync(
    options, services => services.Configure<CoordinationOptions>(configuration.GetSection("Coordination"))).ConfigureAwait(false);
builder.Logging.AddConfiguration(configuration.GetSection("Logging")).AddSimpleConsole(console => console.SingleLine = true);
await builder.Build().RunAsync().ConfigureAwait(false);
