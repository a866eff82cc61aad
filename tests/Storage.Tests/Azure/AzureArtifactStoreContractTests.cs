using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Azure;
using HunyuanPortrait.Storage.Tests.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Azure;

public sealed class AzureArtifactStoreContractTests(AzuriteFixture azurite) : ArtifactStoreContract, IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private AzureArtifactStore? store;

    protected override IArtifactStore Store => store!;

    protected override int Sequences => 10;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.Require();
        store = await AzureArtifactStore.OpenAsync(azurite.Options, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
