using HunyuanPortrait.Storage.Azure;

namespace HunyuanPortrait.Storage.Tests.Azure;

/// <summary>One server for the tests of a class.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? server;

    /// <summary>Patient enough for a loaded machine, and tries again soon.</summary>
    internal AzureStoreOptions Options => new(Server.ConnectionString, "tests") { RetryDelay = TimeSpan.FromMilliseconds(20) };

    internal AzuriteServer Server => server ?? throw new InvalidOperationException("Azurite is not installed.");

    public static void Require() => Assert.SkipUnless(AzuriteServer.IsInstalled, "needs Azurite: npm ci in tests/azurite, as ./portrait test does");

    public async ValueTask InitializeAsync()
    {
        if (AzuriteServer.IsInstalled)
            server = await AzuriteServer.StartAsync(folder: null, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        server?.Dispose();
        return ValueTask.CompletedTask;
    }
}
