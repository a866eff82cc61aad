using System.Globalization;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Import;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Onnx.Schema;
using HunyuanPortrait.Conversion.Tests.Checkpoints;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Tests.Import;

/// <summary>What the graphs of an imported model say of their external data, in every dialect and precision.</summary>
public sealed class ImportedGraphsTests(ModelImporterTests.SmallLayout layout) : IClassFixture<ModelImporterTests.SmallLayout>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(GraphDialect.Portable, WeightPrecision.Single)]
    [InlineData(GraphDialect.Portable, WeightPrecision.Half)]
    [InlineData(GraphDialect.CudaNhwc, WeightPrecision.Single)]
    [InlineData(GraphDialect.CudaNhwc, WeightPrecision.Half)]
    public void Import_EveryForm_DescribesExternalDataAsItIs(GraphDialect dialect, WeightPrecision precision)
    {
        var request = new ImportRequest(layout.Folder, folder.File("model"))
        {
            AcceptLicense = true,
            Architecture = Architecture.Small,
            Dialect = dialect,
            Precision = precision,
        };
        var manifest = new ModelImporter(TimeProvider.System).Import(request, TestContext.Current.CancellationToken).Manifest;
        foreach (var weights in manifest.Networks.Values.GroupBy(network => network.Weights!))
            AssertConsistent(weights, new FileInfo(folder.File($"model/{weights.Key}")).Length);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Every tensor takes exactly the bytes that are said, inside the file, and tensors overlap only where they are one tensor.</summary>
    private void AssertConsistent(IGrouping<string, NetworkFile> networks, long fileLength)
    {
        var ranges = new Dictionary<long, long>();
        foreach (var tensor in networks.SelectMany(External))
        {
            var values = tensor.ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value);
            var offset = long.Parse(values["offset"], CultureInfo.InvariantCulture);
            var length = long.Parse(values["length"], CultureInfo.InvariantCulture);
            Assert.Equal(networks.Key, values["location"]);
            Assert.Equal(tensor.Dims.Aggregate(1L, (product, dim) => product * dim) * (tensor.DataType == 10 ? 2 : 4), length);
            Assert.Equal(0, offset % (length < 65536 ? 64 : 4096));
            Assert.Equal(length, ranges.TryAdd(offset, length) ? length : ranges[offset]);
        }
        long end = 0;
        foreach (var (offset, length) in ranges.OrderBy(range => range.Key))
        {
            Assert.True(offset >= end, $"{networks.Key}: the tensor at {offset} begins before the previous one ends at {end}");
            end = offset + length;
        }
        Assert.Equal(fileLength, end);
    }

    private IEnumerable<TensorProto> External(NetworkFile network) =>
        ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.File($"model/{network.File}"))).Graph.Initializer
            .Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);
}
