using System.Collections.Immutable;
using System.Globalization;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>What computes the tasks.</summary>
internal enum DeviceKind
{
    /// <summary>Sums that take a configured time.</summary>
    Simulated,

    /// <summary>The model that comes with the product, on the processor.</summary>
    Embedded,
}

/// <summary>Where the cluster keeps what it must not lose.</summary>
internal enum StoreKind
{
    /// <summary>Some runs here, some there: every fourth seed has the blob server.</summary>
    Both,

    /// <summary>A folder that the processes share.</summary>
    Folder,

    /// <summary>A blob server, which refuses for a while.</summary>
    Azurite,
}

/// <summary>What the command line says.</summary>
/// <param name="Runs">How many runs, at least 1.</param>
/// <param name="Seed">Of the first run; every further run has the next.</param>
/// <param name="Device">What computes.</param>
/// <param name="Store">What keeps.</param>
internal sealed record ChaosOptions(int Runs, int Seed, DeviceKind Device, StoreKind Store)
{
    public const string Usage = """
        dotnet run --project tests/Chaos -c Release -- [--runs N] [--seed S] [--device simulated|embedded] [--store both|folder|azurite]

          --runs     how many runs, each on a fresh cluster (default: 1)
          --seed     of the first run; every further run has the next (default: 1)
          --device   what computes the tasks (default: simulated)
          --store    what keeps the artifacts (default: both: every fourth seed has a blob server, which refuses for half a minute)
        """;

    private const int SeedsPerBlobServer = 4;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They are none of this program's; the message says which.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ChaosOptions(1, 1, DeviceKind.Simulated, StoreKind.Both);
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var value = index + 1 < arguments.Count ? arguments[index + 1] : throw new FormatException($"{arguments[index]} needs a value.");
            options = arguments[index] switch
            {
                "--runs" => options with { Runs = Number(arguments[index], value, minimum: 1) },
                "--seed" => options with { Seed = Number(arguments[index], value, minimum: 0) },
                "--device" => options with { Device = DeviceOf(value) },
                "--store" => options with { Store = StoreOf(value) },
                var unknown => throw new FormatException($"{unknown} is not known."),
            };
        }

        return options;
    }

    /// <summary>The seeds of the runs.</summary>
    public ImmutableArray<int> Seeds => [.. Enumerable.Range(Seed, Runs)];

    /// <summary>Whether the run of a seed has a blob server.</summary>
    public bool HasBlobServer(int seed) => Store == StoreKind.Azurite || (Store == StoreKind.Both && seed % SeedsPerBlobServer == 0);

    private static int Number(string option, string value, int minimum) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum
            ? number
            : throw new FormatException($"{option} ({value}) must be a whole number from {minimum} on.");

    private static DeviceKind DeviceOf(string value) => value switch
    {
        "simulated" => DeviceKind.Simulated,
        "embedded" => DeviceKind.Embedded,
        _ => throw new FormatException($"--device ({value}) must be simulated or embedded."),
    };

    private static StoreKind StoreOf(string value) => value switch
    {
        "both" => StoreKind.Both,
        "folder" => StoreKind.Folder,
        "azurite" => StoreKind.Azurite,
        _ => throw new FormatException($"--store ({value}) must be both, folder or azurite."),
    };
}
