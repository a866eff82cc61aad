using HunyuanPortrait.Grains.Hosting;
using Microsoft.Extensions.Configuration;

namespace HunyuanPortrait.Silo;

/// <summary>Everything that a silo is told: the sections Silo, Coordination, Retention and Logging of appsettings.json, environment and command line.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Configuration">All of it.</param>
public sealed record SiloConfiguration(PortraitSiloOptions Silo, IConfiguration Configuration)
{
    private static readonly string[] Sections = [SiloSection, CoordinationSection, RetentionSection, "Logging"];

    internal const string SiloSection = "Silo";
    internal const string CoordinationSection = "Coordination";
    internal const string RetentionSection = "Retention";

    /// <summary>Reads the configuration.</summary>
    /// <param name="arguments">As <c>--Silo:Roles Gpu</c>; they come before the environment (<c>Silo__Roles=Gpu</c>), that before appsettings.json beside the program.</param>
    /// <exception cref="Core.Errors.RenderException">HP3201: something is unknown, malformed or out of range; all of it is listed.</exception>
    public static SiloConfiguration Read(params string[] arguments)
    {
        var failures = Misplaced(arguments).ToList();
        if (failures.Count > 0)
            throw SiloErrors.InvalidOptions(failures);
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(arguments)
            .Build();
        var silo = OptionSection.Read<PortraitSiloOptions>(configuration.GetSection(SiloSection), failures);
        var coordination = OptionSection.Read<CoordinationOptions>(configuration.GetSection(CoordinationSection), failures);
        var retention = OptionSection.Read<RetentionOptions>(configuration.GetSection(RetentionSection), failures);

        // What could not be read is at its default, and rules would judge that.
        if (failures.Count == 0)
        {
            failures.AddRange([
                .. PortraitSiloRules.Failures(silo), .. OptionSection.Violations(CoordinationSection, coordination),
                .. OptionSection.Violations(RetentionSection, retention)]);
        }

        return failures.Count == 0 ? new SiloConfiguration(silo, configuration) : throw SiloErrors.InvalidOptions(failures);
    }

    // What the command line's reader would pass over without a word.
    private static IEnumerable<string> Misplaced(string[] arguments)
    {
        for (var index = 0; index < arguments.Length; index++)
        {
            var argument = arguments[index];
            var name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..].Split('=')[0] : "";
            if (!Sections.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase) || !name.Contains(':', StringComparison.Ordinal))
                yield return $"'{argument}' is no option: options are {string.Join(", ", Sections.Select(section => $"--{section}:NAME VALUE"))}.";
            else if (!argument.Contains('=', StringComparison.Ordinal) && ++index >= arguments.Length)
                yield return $"{argument} needs a value.";
        }
    }
}
