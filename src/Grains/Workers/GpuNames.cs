using System.Globalization;

namespace HunyuanPortrait.Grains.Workers;

/// <summary>Keys of GPU grains: <c>silo/device</c>.</summary>
public static class GpuNames
{
    /// <summary>The key of a device.</summary>
    public static string Of(SiloAddress silo, int device) => string.Create(CultureInfo.InvariantCulture, $"{silo.ToParsableString()}/{device}");

    /// <summary>Silo and device of a key.</summary>
    /// <exception cref="ArgumentException">It is no such key.</exception>
    public static (SiloAddress Silo, int Device) Parse(string key)
    {
        var split = key.LastIndexOf('/');
        return split > 0 && int.TryParse(key.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var device)
            ? (SiloAddress.FromParsableString(key[..split]), device)
            : throw new ArgumentException($"'{key}' is no key of a device.", nameof(key));
    }
}
