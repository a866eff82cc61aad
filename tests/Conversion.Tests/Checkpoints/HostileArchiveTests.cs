using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

public sealed class HostileArchiveTests
{
    private static readonly byte[] Pickle = PickleBytes.Tensor(4, "0", "4", "1");
    private static readonly byte[] Storage = new byte[16];

    public static TheoryData<string, byte[], string> Archives => new()
    {
        { "a name that climbs", Build(new ZipPart("../evil", Storage)), "HP2006" },
        { "a name that climbs inside", Build(new ZipPart("m/data/../../evil", Storage)), "HP2006" },
        { "an absolute name", Build(new ZipPart("/etc/cron.d/evil", Storage)), "HP2006" },
        { "a Windows name", Build(new ZipPart("..\\evil", Storage)), "HP2006" },
        { "a drive", Build(new ZipPart("c:evil", Storage)), "HP2006" },
        { "an empty name", Build(new ZipPart("", Storage)), "HP2006" },
        { "a deflated entry", Build(new ZipPart("m/x", Storage) { Method = 8 }), "HP2007" },
        { "an encrypted entry", Build(new ZipPart("m/x", Storage) { Flags = 1 }), "HP2007" },
        { "an entry twice", Build(new ZipPart("m/data/0", Storage)), "HP2005" },
        { "an entry over another", Build(new ZipPart("m/data/9", Storage) { ClaimedOffset = 0 }), "HP2005" },
        { "an entry that reaches into the directory", Build(new ZipPart("m/x", Storage) { ClaimedLength = 40 }), "HP2005" },
        { "an entry larger than the file", Build(new ZipPart("m/x", Storage) { ClaimedLength = 0x7FFFFFFF }), "HP2003" },
        { "an entry of 64-bit size without saying it", Build(new ZipPart("m/x", Storage) { ClaimedLength = 0xFFFFFFFF }), "HP2005" },
        { "no pickle", ZipBytes.Build(new ZipPart("hello.txt", Storage)), "HP2002" },
        { "two pickles", Build(new ZipPart("n/data.pkl", Pickle)), "HP2002" },
        { "an odd byte order", Build(new ZipPart("m/byteorder", "middle"u8.ToArray())), "HP2005" },
        { "no entries", "PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8.ToArray(), "HP2002" },
    };

    [Theory, MemberData(nameof(Archives))]
    public void Open_ArchiveThatLies_IsRefused(string form, byte[] file, string code)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("archive.pth", file);
        Assert.Equal((form, code), (form, Assert.Throws<RenderException>(() => Checkpoint.Open(path).Dispose()).Code));
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = Build();
        for (var length = 4; length < file.Length; length++)
        {
            var path = folder.Write("cut.pth", file.AsSpan(0, length));
            Assert.Equal("HP2003", Assert.Throws<RenderException>(() => Checkpoint.Open(path).Dispose()).Code);
        }
    }

    [Fact]
    public void ReadFloats_DamagedStorage_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = Build();
        file[file.AsSpan().IndexOf(Pickle) + Pickle.Length + 45] ^= 1;
        using var checkpoint = Checkpoint.Open(folder.Write("damaged.pth", file));
        Assert.Equal("HP2013", Assert.Throws<RenderException>(() => checkpoint.ReadFloats("w", new float[4])).Code);
    }

    private static byte[] Build(params ReadOnlySpan<ZipPart> more) =>
        ZipBytes.Build([new ZipPart("m/data.pkl", Pickle), new ZipPart("m/data/0", Storage), .. more]);
}
