using System.Security.Cryptography;

namespace HunyuanPortrait.Core.Jobs;

/// <summary>What jobs are called.</summary>
public static class JobId
{
    private const int Digits = 32;

    /// <summary>The id of the job that a tenant submits under a key: the same key is the same job.</summary>
    /// <param name="tenant">A tenant's name.</param>
    /// <param name="clientKey">Any text.</param>
    public static string Of(string tenant, string clientKey) =>
        $"{tenant}-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{tenant}\n{clientKey}")))[..Digits]}";
}
