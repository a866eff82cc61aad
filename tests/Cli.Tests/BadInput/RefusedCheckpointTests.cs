using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using HunyuanPortrait.Cli.Tests.Processes;
using HunyuanPortrait.Conversion.Import;

namespace HunyuanPortrait.Cli.Tests.BadInput;

/// <summary>Hostile and wrong checkpoints through <c>models import</c>: a code, one line, no model directory.</summary>
public sealed class RefusedCheckpointTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public RefusedCheckpointTests() => program = new ProgramUnderTest(folder);

    private string Source => folder.File("weights");

    private string Target => folder.File("model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Import_PickleThatCallsTheSystem_IsRefusedAndNothingRuns()
    {
        var witness = folder.File("witness");
        FillLayout(Archive("archive/data.pkl", [.. Bytes("\u0080\u0002cos\nsystem\n("), .. Text($"touch {witness}"), .. Bytes("tR.")]));
        var run = await AssertRefusedAsync("HP2008");
        Assert.Contains("os system", run.Error.Replace('.', ' '), StringComparison.Ordinal);
        Assert.False(File.Exists(witness), "the pickle was executed");
    }

    [Fact]
    public async Task Import_PickleBomb_IsRefused()
    {
        FillLayout(Archive("archive/data.pkl", Bytes("\u0080\u0002X\u00ff\u00ff\u00ff\u00ff.")));
        await AssertRefusedAsync("HP2010");
    }

    [Fact]
    public async Task Import_ArchiveThatLeavesItsFolder_IsRefused()
    {
        FillLayout(Archive("../../escape.pkl", Bytes("\u0080\u0002}.")));
        await AssertRefusedAsync("HP2006");
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "escape.pkl", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Import_SafetensorsThatLieAboutLengths_IsRefused()
    {
        FillLayout(Safetensors("""{"weight":{"dtype":"F32","shape":[1000,1000],"data_offsets":[0,4000000]}}""", dataBytes: 16));
        await AssertRefusedAsync("HP2004", "HP2003");
    }

    [Fact]
    public async Task Import_MissingWeights_AreNamed()
    {
        FillLayout(Safetensors("{}", dataBytes: 0));
        var run = await AssertRefusedAsync("HP2021");
        Assert.Contains("cls_token", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WeightOfAnotherShape_IsNamedWithBothShapes()
    {
        FillLayout(Safetensors("{}", dataBytes: 0));
        await File.WriteAllBytesAsync(
            Path.Combine(Source, "hyportrait/image_proj.pth"),
            Safetensors("""{"weight":{"dtype":"F32","shape":[3,5],"data_offsets":[0,60]}}""", dataBytes: 60),
            TestContext.Current.CancellationToken);
        var run = await AssertRefusedAsync("HP2021");
        Assert.Contains("[3, 5]", run.Error, StringComparison.Ordinal);
        Assert.Contains("[64, 261]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_IncompleteLayout_IsRefused()
    {
        Directory.CreateDirectory(Source);
        await AssertRefusedAsync("HP2020");
    }

    [Fact]
    public async Task Import_WithoutAcceptingTheLicences_IsRefused()
    {
        FillLayout(Safetensors("{}", dataBytes: 0));
        (await program.RunAsync("models", "import", "--from", Source, "--to", Target)).AssertRefused("HP2022");
    }

    private async Task<ProgramRun> AssertRefusedAsync(params string[] codes)
    {
        var run = await program.RunAsync("models", "import", "--from", Source, "--to", Target, "--accept-license");
        Assert.Contains(run.Code, codes);
        run.AssertRefused(run.Code!);
        Assert.False(Directory.Exists(Target), "a model directory was left");
        Leftovers.AssertNoTemporaryFiles(program);
        return run;
    }

    private void FillLayout(byte[] content)
    {
        foreach (var names in CheckpointLayout.Files.Values)
        {
            var path = Path.Combine(Source, names[0]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    private static byte[] Archive(string entry, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var data = zip.CreateEntry(entry, CompressionLevel.NoCompression).Open())
                data.Write(content);
            using var version = zip.CreateEntry("archive/version", CompressionLevel.NoCompression).Open();
            version.Write("3\n"u8);
        }

        return stream.ToArray();
    }

    private static byte[] Safetensors(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    private static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);

    private static byte[] Text(string text)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [(byte)'X', .. length, .. Encoding.UTF8.GetBytes(text)];
    }
}
