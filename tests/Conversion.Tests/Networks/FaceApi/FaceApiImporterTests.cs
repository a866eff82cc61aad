using HunyuanPortrait.Conversion.Networks.FaceApi;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Tests.Networks.FaceApi;

public sealed class FaceApiImporterTests
{
    [Fact]
    public void Import_FolderWithoutWeights_IsRefusedAndWritesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("hp-face-api-");
        try
        {
            var target = Path.Combine(folder.FullName, "models");
            var error = Assert.Throws<RenderException>(() => FaceApiImporter.Import(folder.FullName, target));
            Assert.Equal("HP2001", error.Code);
            Assert.False(Directory.Exists(target));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
