using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

public sealed class LocalArtifactStoreContractTests : ArtifactStoreContract, IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private LocalArtifactStore? store;

    protected override IArtifactStore Store => store!;

    public async ValueTask InitializeAsync() => store = await LocalArtifactStore.OpenAsync(folder.Path, "contract");

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
