using System.Security.Cryptography;
using System.Text;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Core.Execution;

/// <summary>Names a model by everything that decides its results, so that the same weights have one name on every machine.</summary>
public static class ModelIdentity
{
    private const int Digits = 32;

    /// <summary>32 hexadecimal digits over networks, sizes, scheduler and added ids.</summary>
    public static string Of(ModelManifest model)
    {
        var text = new StringBuilder();
        foreach (var (name, network) in model.Networks.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('\n');
            foreach (var (file, sha256) in network.Sha256.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                text.Append(file).Append('=').Append(sha256).Append('\n');
        }

        text.Append(model.Precision).Append('\n').Append(model.Geometry).Append('\n').Append(model.Scheduler).Append('\n')
            .Append(model.Defaults.MicroConditioning);
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text.ToString())))[..Digits];
    }
}
