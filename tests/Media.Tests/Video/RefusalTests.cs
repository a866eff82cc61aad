using System.Diagnostics;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Video;

namespace HunyuanPortrait.Media.Tests.Video;

/// <summary>Bad input and bad luck: a code, a message that names the file, nothing left behind.</summary>
public sealed class RefusalTests : IDisposable
{
    private static readonly VideoTiming Rate25 = new(new Rational(25, 1), new Rational(25, 1), new Rational(25, 1), 12800);
    private readonly Clips clips = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => clips.Dispose();

    [Fact]
    public async Task Probe_MissingFile_IsRefused() => await ProbeRefusesAsync(clips.PathOf("nowhere.mp4"), "HP1201");

    [Fact]
    public async Task Probe_Folder_IsRefused() => await ProbeRefusesAsync(clips.Folder, "HP1201");

    [Fact]
    public async Task Probe_TextFileNamedMp4_IsRefused()
    {
        var path = clips.PathOf("notes.mp4");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("This is not a video.\n", 500)), Token);
        await ProbeRefusesAsync(path, "HP1202");
    }

    [Fact]
    public async Task Probe_EmptyFile_IsRefused()
    {
        var path = clips.PathOf("empty.mp4");
        await File.WriteAllBytesAsync(path, [], Token);
        await ProbeRefusesAsync(path, "HP1202");
    }

    [Fact]
    public async Task Probe_PlaylistThatNamesAnotherFile_IsRefused()
    {
        var clip = clips.MakeClip("secret.ts");
        var path = clips.PathOf("list.mp4");
        await File.WriteAllTextAsync(path, $"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n{clip}\n#EXT-X-ENDLIST\n", Token);
        await ProbeRefusesAsync(path, "HP1202");
    }

    [Fact]
    public async Task Probe_Mp4CutOffBeforeItsIndex_IsRefused()
    {
        var path = Truncate(clips.MakeClip(seconds: 3), 0.5);
        await ProbeRefusesAsync(path, "HP1202");
    }

    [Fact]
    public async Task Probe_Mp4CutOffAfterItsIndex_IsRefused()
    {
        var path = Truncate(clips.MakeClip(seconds: 3, video: "-c:v libx264 -pix_fmt yuv420p -movflags +faststart"), 0.6);
        var refusal = await ProbeRefusesAsync(path, "HP1207");
        Assert.Contains("90 frames", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_VideoWithoutFrames_IsRefused()
    {
        var clip = clips.MakeClip();
        await ProbeRefusesAsync(clips.Make("none.avi", $"-i \"{clip}\" -map 0:v -ss 100 -c copy"), "HP1204");
    }

    [Fact]
    public async Task Probe_SoundOnly_IsRefused()
    {
        var refusal = await ProbeRefusesAsync(clips.Make("sound.m4a", "-f lavfi -i sine=duration=1 -c:a aac"), "HP1203");
        Assert.Contains("audio", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_SoundWithCoverPicture_IsRefused() =>
        await ProbeRefusesAsync(clips.Make("cover.m4a", "-f lavfi -i sine=duration=1 -f lavfi -i color=red:size=64x64:rate=1:duration=1 -map 0 -map 1 -c:v mjpeg -pix_fmt yuvj420p -disposition:v attached_pic -c:a aac"), "HP1203");

    [Fact]
    public async Task Probe_OnePixelFrames_IsRefused() =>
        await ProbeRefusesAsync(clips.Make("tiny.mkv", "-f lavfi -i color=red:size=32x32:rate=25:duration=1 -vf scale=1:1 -c:v ffv1 -pix_fmt bgr0"), "HP1205");

    [Fact]
    public async Task Probe_ProgramMissing_SaysHowToInstall()
    {
        var path = clips.PathOf("clip.mp4");
        await File.WriteAllTextAsync(path, "anything", Token);
        var refusal = await Assert.ThrowsAsync<RenderException>(() => new VideoProbe(new FfmpegPrograms(clips.Folder)).ProbeAsync(path, Token));
        Assert.Equal("HP1001", refusal.Code);
        Assert.Contains("apt-get install ffmpeg", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PartAfterTheEnd_IsRefused()
    {
        var info = await new VideoProbe().ProbeAsync(clips.MakeClip(), Token);
        var refusal = await Assert.ThrowsAsync<RenderException>(() => ReadAllAsync(info, new VideoRange(TimeSpan.FromSeconds(100), null)));
        Assert.Equal("HP1209", refusal.Code);
    }

    [Fact]
    public async Task Read_ProgramKilledMidway_IsRefused()
    {
        var info = await new VideoProbe().ProbeAsync(clips.MakeClip(size: "640x480", seconds: 5), Token);
        var refusal = await Assert.ThrowsAsync<RenderException>(async () =>
        {
            await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: Token))
            {
                if (frame.Index == 3)
                    Kill("ffmpeg", clips.Folder);
            }
        });
        Assert.Equal("HP1208", refusal.Code);
    }

    [Fact]
    public async Task Read_StoppedEarly_EndsItsProgramAndNoOther()
    {
        var info = await new VideoProbe().ProbeAsync(clips.MakeClip(size: "640x480", seconds: 5), Token);
        var other = new VideoReader().ReadAsync(info, cancellationToken: Token).GetAsyncEnumerator(Token);
        await using var kept = other;
        Assert.True(await other.MoveNextAsync());
        await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: Token))
        {
            if (frame.Index == 3)
                break;
        }

        Assert.Single(Children("ffmpeg", clips.Folder));
        long count = 1;
        while (await other.MoveNextAsync())
            count++;
        Assert.Equal(info.FrameCount, count);
    }

    [Fact]
    public async Task Read_Cancelled_EndsItsProgram()
    {
        var info = await new VideoProbe().ProbeAsync(clips.MakeClip(size: "640x480", seconds: 5), Token);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: cancellation.Token))
                await cancellation.CancelAsync();
        });
        Assert.Empty(Children("ffmpeg", clips.Folder));
    }

    [Theory]
    [InlineData("missing/out.mp4", "HP1401")]
    [InlineData("out.gif", "HP1404")]
    [InlineData("out", "HP1404")]
    public void Create_UnusablePath_IsRefused(string name, string code) =>
        Assert.Equal(code, Assert.Throws<RenderException>(() => VideoWriter.Create(clips.PathOf(name), new VideoWriterOptions(64, 64, Rate25))).Code);

    [Fact]
    public void Create_PathOfAFolder_IsRefused()
    {
        Directory.CreateDirectory(clips.PathOf("folder.mp4"));
        Assert.Equal("HP1401", Assert.Throws<RenderException>(() => VideoWriter.Create(clips.PathOf("folder.mp4"), new VideoWriterOptions(64, 64, Rate25))).Code);
    }

    [Fact]
    public async Task Write_NotCompleted_LeavesTheOldFile()
    {
        var path = clips.PathOf("out.mp4");
        await File.WriteAllTextAsync(path, "old", Token);
        await using (var writer = VideoWriter.Create(path, new VideoWriterOptions(64, 64, Rate25)))
            await writer.WriteAsync(RgbImage.Black(64, 64), 0, Token);
        Assert.Equal([path], Directory.GetFiles(clips.Folder));
        Assert.Equal("old", await File.ReadAllTextAsync(path, Token));
        Assert.Empty(Children("ffmpeg", clips.Folder));
    }

    [Fact]
    public async Task Write_ProgramKilledMidway_IsRefusedAndLeavesNothing()
    {
        Assert.SkipUnless(Clips.Available, "needs the ffmpeg program");
        var refusal = await Assert.ThrowsAsync<RenderException>(async () =>
        {
            await using var writer = VideoWriter.Create(clips.PathOf("out.mp4"), new VideoWriterOptions(640, 480, Rate25));
            var image = RgbImage.Black(640, 480);
            for (var i = 0; i < 200; i++)
            {
                await writer.WriteAsync(image, i * 512, Token);
                if (i == 5)
                    Kill("ffmpeg", clips.Folder);
            }

            await writer.CompleteAsync(Token);
        });
        Assert.Equal("HP1403", refusal.Code);
        Assert.Empty(Directory.GetFiles(clips.Folder));
    }

    [Fact]
    public async Task Write_FullDisk_IsRefusedAndLeavesNothing()
    {
        var disk = Directory.CreateDirectory(clips.PathOf("disk")).FullName;
        Assert.SkipUnless(Clips.Available && OperatingSystem.IsLinux(), "needs Linux and the ffmpeg program");
        Assert.SkipUnless(Clips.Run("mount", $"-t tmpfs -o size=256k tmpfs \"{disk}\"").Code == 0, "needs the right to mount a small tmpfs (root)");
        try
        {
            var refusal = await Assert.ThrowsAsync<RenderException>(() => WriteNoiseAsync(Path.Combine(disk, "out.mp4")));
            Assert.Equal("HP1402", refusal.Code);
            Assert.Empty(Directory.GetFiles(disk));
        }
        finally
        {
            Assert.Equal(0, Clips.Run("umount", $"\"{disk}\"").Code);
        }
    }

    private static async Task WriteNoiseAsync(string path)
    {
        await using var writer = VideoWriter.Create(path, new VideoWriterOptions(320, 240, Rate25));
        var image = RgbImage.Black(320, 240);
        var noise = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            noise.NextBytes(image.Pixels.Span);
            await writer.WriteAsync(image, i * 512, Token);
        }

        await writer.CompleteAsync(Token);
    }

    private static async Task<RenderException> ProbeRefusesAsync(string path, string code)
    {
        Assert.SkipUnless(Clips.Available, "needs the ffmpeg program");
        var refusal = await Assert.ThrowsAsync<RenderException>(() => new VideoProbe().ProbeAsync(path, Token));
        Assert.True(refusal.Code == code, $"{refusal.Code}: {refusal.Message}");
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private static async Task ReadAllAsync(VideoInfo info, VideoRange range)
    {
        await foreach (var _ in new VideoReader().ReadAsync(info, range, Token))
        {
        }
    }

    private static string Truncate(string path, double share)
    {
        using var file = File.OpenWrite(path);
        file.SetLength((long)(file.Length * share));
        return path;
    }

    /// <summary>Processes of this name whose command line names this test's folder.</summary>
    private static int[] Children(string program, string folder) =>
    [
        .. Process.GetProcessesByName(program)
            .Where(process => File.Exists($"/proc/{process.Id}/cmdline") && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(folder, StringComparison.Ordinal))
            .Select(process => process.Id),
    ];

    private static void Kill(string program, string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds its own ffmpeg through /proc");
        using var process = Process.GetProcessById(Assert.Single(Children(program, folder)));
        process.Kill();
    }
}
