using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Storage.Frames;

namespace HunyuanPortrait.Storage.Tests.Frames;

public sealed class MappedFrameStoreTests
{
    [Fact]
    public void Create_NewStore_IsZero()
    {
        using var folder = new TemporaryFolder();
        using var store = new MappedFrameStoreFactory(folder.Path).Create("latents-0", 3, 5);
        var frame = Enumerable.Repeat(1f, 5).ToArray();
        store.Read(2, frame);
        Assert.Equal(new float[5], frame);
    }

    [Theory, InlineData(1L), InlineData(MappedFrameStoreFactory.DefaultResidentBytes)]
    public void Read_FramesWrittenInAnyOrder_GivesThemBack(long residentBytes)
    {
        using var folder = new TemporaryFolder();
        using var store = new MappedFrameStoreFactory(folder.Path, residentBytes).Create("tokens", 500, 1001);
        Assert.Equal((500, 1001), (store.FrameCount, store.ValuesPerFrame));
        Parallel.For(0, 500, frame => store.Write(499 - frame, Frame(499 - frame)));
        var read = new float[1001];
        for (var frame = 0; frame < 500; frame++)
        {
            store.Read(frame, read);
            Assert.Equal(Frame(frame), read);
        }
    }

    [Fact]
    public void Create_OpenStore_HasNoNameThatACrashCouldLeaveBehind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows removes the file when its last handle is closed, also after a crash");
        using var folder = new TemporaryFolder();
        using var store = new MappedFrameStoreFactory(folder.Path).Create("latents-0", 10, 10);
        Assert.Empty(folder.Entries);
    }

    [Fact]
    public void Dispose_Store_LeavesNothingAndForbidsUse()
    {
        using var folder = new TemporaryFolder();
        var store = new MappedFrameStoreFactory(folder.Path).Create("latents-0", 10, 10);
        store.Dispose();
        store.Dispose();
        Assert.Empty(folder.Entries);
        Assert.Throws<ObjectDisposedException>(() => store.Read(0, new float[10]));
    }

    [Fact]
    public void Read_OutsideTheStore_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var store = new MappedFrameStoreFactory(folder.Path).Create("latents-0", 10, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Read(10, new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Write(-1, new float[10]));
        Assert.Throws<ArgumentException>(() => store.Read(0, new float[9]));
        Assert.Throws<ArgumentException>(() => store.Write(0, new float[11]));
    }

    [Fact]
    public void Create_DiskTooSmall_IsRefusedInsteadOfKillingTheProcess()
    {
        using var folder = TemporaryFolder.WithSize("1m");
        var factory = new MappedFrameStoreFactory(folder.Path);
        var exception = Assert.Throws<RenderException>(() => factory.Create("latents-0", 100, 4096));
        Assert.Equal("HP4001", exception.Code);
        Assert.Contains("1.6 MiB", exception.Message, StringComparison.Ordinal);
        using var fitting = factory.Create("latents-0", 40, 4096);
        fitting.Write(39, new float[4096]);
    }

    [Fact]
    public void Create_FolderThatIsAFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        var exception = Assert.Throws<RenderException>(() => new MappedFrameStoreFactory(folder.File("file")).Create("latents-0", 1, 1));
        Assert.Equal("HP4002", exception.Code);
    }

    [Fact]
    public void Write_MuchMoreThanTheBudget_StaysOutOfResidentMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "resident memory is read from /proc");
        using var folder = new TemporaryFolder();
        using var store = new MappedFrameStoreFactory(folder.Path, residentBytes: 2 << 20).Create("tokens", 64, 1 << 18);
        var before = MappedKilobytes();
        Touch(store);
        Assert.InRange(MappedKilobytes() - before, long.MinValue, 16 << 10);
    }

    private static void Touch(IFrameStore store)
    {
        var frame = new float[store.ValuesPerFrame];
        for (var i = 0; i < store.FrameCount; i++)
        {
            store.Write(i, frame);
            store.Read(i, frame);
        }
    }

    private static long MappedKilobytes() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("RssFile:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture));

    private static float[] Frame(int frame) => [.. Enumerable.Range(0, 1001).Select(i => frame + i / 1024f)];
}
