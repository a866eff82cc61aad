using System.Security.Cryptography;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Import;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Tests.Checkpoints;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.Import;

public sealed class ModelImporterTests(ModelImporterTests.SmallLayout layout) : IClassFixture<ModelImporterTests.SmallLayout>, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    private string Source => folder.File("official");

    private string Target => folder.File("model");

    private ImportRequest Request => new(Source, Target) { AcceptLicense = true, Architecture = Architecture.Small };

    [Fact]
    public void Import_CompleteLayout_WritesLoadableModel()
    {
        WriteLayout();
        File.WriteAllBytes(Path.Combine(Source, "arcface.onnx"), [0x08, 0x0A, 1, 2, 3]);
        var report = Import(Request);

        var path = Path.Combine(Target, "model.json");
        var manifest = ModelManifestJson.Parse(File.ReadAllBytes(path), path);
        Assert.Equal(
            [.. NetworkPlan.Of(Architecture.Small, 128, 128).Select(plan => plan.Name).Append(NetworkNames.ArcFace).Order(StringComparer.Ordinal)],
            manifest.Networks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new LicenseAcceptance(ModelImporter.Licenses, Now), manifest.License);
        Assert.Equal((ModelKind.Official, "fp32"), (manifest.Kind, manifest.Precision));
        Assert.All(manifest.Networks.Values.SelectMany(network => network.Sha256), hash => Assert.Equal(Hash(Path.Combine(Target, hash.Key)), hash.Value));
        Assert.All(manifest.Sources, source => Assert.Equal(Hash(Path.Combine(Source, source.File)), source.Sha256));
        Assert.Equal(9, manifest.Sources.Count);
        Assert.Equal(
            manifest.Networks.Values.SelectMany(network => network.Sha256.Keys).Append("model.json").Distinct().Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(Target).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
        Assert.All(report.Files, file => Assert.InRange(file.PeakMemoryBytes, 1, 4_000_000_000));
        AssertNothingLeft("model", "official");
    }

    [Fact]
    public void Import_ExternalData_HoldsTheWeights()
    {
        WriteLayout();
        Import(Request);
        using var checkpoint = StandInModel.Checkpoint(Architecture.Small, CheckpointLabels.ImageProjection, 1);
        var weight = new float[checkpoint.Tensors["weight"].Shape.ElementCount];
        checkpoint.ReadFloats("weight", weight);
        var data = File.ReadAllBytes(Path.Combine(Target, "image_proj.weights"));
        Assert.True(data.AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(weight)) >= 0);
    }

    [Fact]
    public void Import_HalfPrecision_HalvesTheData()
    {
        WriteLayout();
        var single = Import(Request);
        var half = Import(Request with { To = folder.File("half"), Precision = WeightPrecision.Half });
        Assert.Equal("fp16", half.Manifest.Precision);
        var unet = CheckpointLayout.Files.Keys.ToList().IndexOf(CheckpointLabels.UNet);
        Assert.InRange(new FileInfo(folder.File("half/unet.weights")).Length / (double)new FileInfo(folder.File("model/unet.weights")).Length, 0.45, 0.75);
        Assert.True(half.Files[unet].WrittenBytes < single.Files[unet].WrittenBytes);
    }

    [Fact]
    public void Import_WithoutLicense_IsRefusedAndNamesTheLicences()
    {
        WriteLayout();
        var refusal = Refuse(Request with { AcceptLicense = false });
        Assert.Equal("HP2022", refusal.Code);
        Assert.Contains("Tencent Hunyuan", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-license", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_ArchitectureFile_NeedsNeitherSizesNorLicence()
    {
        WriteLayout();
        File.WriteAllText(Path.Combine(Source, "architecture.json"), Architecture.Small.ToJson().ToJsonString());
        var manifest = Import(new ImportRequest(Source, Target)).Manifest;
        Assert.Equal((ModelKind.Embedded, ModelImporter.TrainedName), (manifest.Kind, manifest.Name));
        Assert.Null(manifest.License);
        Assert.Equal(Architecture.Small.Geometry(128, 128), manifest.Geometry);
    }

    [Fact]
    public void Import_ArchitectureFileOfThePublishedSizes_StillNeedsTheLicence()
    {
        WriteLayout();
        File.WriteAllText(Path.Combine(Source, "architecture.json"), Architecture.Official.ToJson().ToJsonString());
        Assert.Equal("HP2022", Refuse(new ImportRequest(Source, Target)).Code);
    }

    [Fact]
    public void Import_WeightsThatDoNotFit_ListsAllOfAllFiles()
    {
        WriteLayout((label, entries) => label switch
        {
            CheckpointLabels.PoseGuider => [.. entries.Where(entry => entry.Name != "conv_in.bias"), new TensorEntry("extra.weight", new TensorShape(2), ElementType.Float32)],
            CheckpointLabels.ImageProjection => [.. entries.Select(entry => entry.Name == "bias" ? entry with { Shape = new TensorShape(5) } : entry)],
            _ => entries,
        });
        var refusal = Refuse(Request);
        Assert.Equal("HP2021", refusal.Code);
        Assert.Contains("hyportrait/pose_guider.pth: missing: conv_in.bias", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("hyportrait/pose_guider.pth: surplus: extra.weight [2]", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("hyportrait/image_proj.pth: wrong shape: bias is [5]", refusal.Message, StringComparison.Ordinal);
        AssertNothingLeft("official");
    }

    [Fact]
    public void Import_IncompleteLayout_ListsMissingFiles()
    {
        WriteLayout();
        File.Delete(Path.Combine(Source, "hyportrait/unet.pth"));
        File.Delete(Path.Combine(Source, "vae/diffusion_pytorch_model.fp16.safetensors"));
        var refusal = Refuse(Request);
        Assert.Equal("HP2020", refusal.Code);
        Assert.Contains("hyportrait/unet.pth", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("vae/diffusion_pytorch_model.fp16.safetensors", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_Interrupted_LeavesNothing()
    {
        WriteLayout();
        using var cancellation = new CancellationTokenSource();
        var importer = new ModelImporter(new StoppedClock(), new Callback(progress =>
        {
            if (progress is { Index: 3, Fraction: > 0.3 })
                cancellation.Cancel();
        }));
        Assert.Throws<OperationCanceledException>(() => importer.Import(Request, cancellation.Token));
        AssertNothingLeft("official");
    }

    [Fact]
    public void Import_DamagedWeight_IsRefusedAndLeavesNothing()
    {
        WriteLayout();
        var path = Path.Combine(Source, "hyportrait/unet.pth");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal("HP2013", Refuse(Request).Code);
        AssertNothingLeft("official");
    }

    [Theory]
    [InlineData(float.NaN, WeightPrecision.Single)]
    [InlineData(float.NegativeInfinity, WeightPrecision.Single)]
    [InlineData(-70000, WeightPrecision.Half)]
    public void Import_WeightOutOfRange_IsRefused(float value, WeightPrecision precision)
    {
        WriteLayout(change: values => values[^1] = value);
        var refusal = Refuse(Request with { Precision = precision });
        Assert.Equal("HP2027", refusal.Code);
        AssertNothingLeft("official");
    }

    [Fact]
    public void Import_TargetInUse_IsRefusedAndUntouched()
    {
        WriteLayout();
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine.txt"), "kept");
        Assert.Equal("HP2023", Refuse(Request).Code);
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(Target).Select(entry => Path.GetFileName(entry)));
    }

    [Fact]
    public void Import_EmptyTarget_IsUsed()
    {
        WriteLayout();
        Directory.CreateDirectory(Target);
        Import(Request);
        Assert.True(File.Exists(Path.Combine(Target, "model.json")));
    }

    [Fact]
    public void Import_TargetBelowAFile_IsRefused()
    {
        WriteLayout();
        File.WriteAllText(folder.File("file"), "");
        Assert.Equal("HP2025", Refuse(Request with { To = folder.File("file/model") }).Code);
    }

    [Fact]
    public void Import_ArcFaceThatIsAPage_IsRefusedAndLeavesNothing()
    {
        WriteLayout();
        File.WriteAllText(Path.Combine(Source, "arcface.onnx"), "<html>");
        Assert.Equal("HP2026", Refuse(Request).Code);
        AssertNothingLeft("official");
    }

    public void Dispose() => folder.Dispose();

    private static ImportReport Import(ImportRequest request) => new ModelImporter(new StoppedClock()).Import(request, TestContext.Current.CancellationToken);

    private static RenderException Refuse(ImportRequest request) => Assert.Throws<RenderException>(() => Import(request));

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private void AssertNothingLeft(params string[] expected) =>
        Assert.Equal(expected, Directory.EnumerateFileSystemEntries(folder.Path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));

    /// <summary>The small official layout; checkpoints that a test changes are written anew.</summary>
    private void WriteLayout(Func<string, IReadOnlyList<TensorEntry>, IReadOnlyList<TensorEntry>>? list = null, Action<float[]>? change = null)
    {
        foreach (var (label, files) in CheckpointLayout.Files)
        {
            var path = Path.Combine(Source, files[0]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(layout.File(files[0]), path);
            if (label is not (CheckpointLabels.PoseGuider or CheckpointLabels.ImageProjection) || (list is null && change is null))
                continue;
            using var checkpoint = Checkpoint.Open(layout.File(files[0]));
            IReadOnlyList<TensorEntry> entries = [.. checkpoint.Tensors.Values];
            OfficialLayout.WriteTensors(path, list?.Invoke(label, entries) ?? entries, entry => Values(checkpoint, entry, change));
        }
    }

    private static float[] Values(ICheckpoint checkpoint, TensorEntry entry, Action<float[]>? change)
    {
        var values = new float[entry.Shape.ElementCount];
        if (checkpoint.Tensors.TryGetValue(entry.Name, out var known) && known.Shape == entry.Shape)
            checkpoint.ReadFloats(entry.Name, values);
        change?.Invoke(values);
        return values;
    }

    /// <summary>Random weights for the small architecture in the official layout, written once.</summary>
    public sealed class SmallLayout : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public SmallLayout()
        {
            foreach (var (label, files) in CheckpointLayout.Files)
            {
                using var checkpoint = StandInModel.Checkpoint(Architecture.Small, label, 1);
                Directory.CreateDirectory(Path.GetDirectoryName(File(files[0]))!);
                OfficialLayout.WriteTensors(File(files[0]), [.. checkpoint.Tensors.Values], entry => Values(checkpoint, entry, null));
            }
        }

        public string Folder => folder.Path;

        public string File(string name) => folder.File(name);

        public void Dispose() => folder.Dispose();
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Unlike <see cref="Progress{T}"/> it calls at once.</summary>
    private sealed class Callback(Action<ImportProgress> action) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => action(value);
    }
}
