using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Tests.Checkpoints;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.FullSize;

public sealed class OfficialLayoutTests
{
    [Fact]
    public void WriteTensors_AsPth_ReadsBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tiny.pth");
        TensorEntry[] entries =
        [
            new("a.weight", new TensorShape(300, 7, 3), ElementType.Float32), new("a.bias", new TensorShape(300), ElementType.Float16),
            new("a.num_batches_tracked", new TensorShape(), ElementType.Int64), new("b.weight", new TensorShape(2, 2), ElementType.BFloat16),
        ];
        OfficialLayout.WriteTensors(path, entries, entry => [.. Enumerable.Range(0, (int)entry.Shape.ElementCount).Select(i => (float)(i % 128))]);
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(entries.Select(entry => $"{entry}"), checkpoint.Tensors.Values.Select(entry => $"{entry}"));
        foreach (var (name, values) in CheckpointComparison.ReadAll(checkpoint))
            Assert.Equal(Enumerable.Range(0, values.Length).Select(i => (double)(i % 128)), values);
    }
}
