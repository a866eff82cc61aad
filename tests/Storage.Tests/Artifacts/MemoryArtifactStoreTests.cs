using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

public sealed class MemoryArtifactStoreTests : ArtifactStoreContract
{
    protected override IArtifactStore Store { get; } = new MemoryArtifactStore(TimeProvider.System);
}
