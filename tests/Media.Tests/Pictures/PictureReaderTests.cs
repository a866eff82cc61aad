using System.Buffers.Binary;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Pictures;
using SkiaSharp;

namespace HunyuanPortrait.Media.Tests.Pictures;

public sealed class PictureReaderTests
{
    [Fact]
    public void Read_WrittenPng_IsTheSamePicture()
    {
        var image = Gradient(60, 40);
        using var stream = new MemoryStream();
        PictureWriter.WritePng(image, stream);
        stream.Position = 0;
        var read = new PictureReader().Read(stream, "gradient");
        Assert.Equal((60, 40), (read.Width, read.Height));
        Assert.Equal(image.Pixels.ToArray(), read.Pixels.ToArray());
    }

    [Theory, InlineData(SKEncodedImageFormat.Jpeg), InlineData(SKEncodedImageFormat.Webp)]
    public void Read_LossyFormat_IsNearlyTheSamePicture(SKEncodedImageFormat format)
    {
        var image = Gradient(64, 64);
        var read = Read(Encode(image, format));
        Assert.InRange(Differences.Largest(image.Pixels.Span, read.Pixels.Span), 0, 12);
    }

    [Fact]
    public void Read_TransparentPixels_ShowTheBackground()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 40, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(new SKColor(200, 0, 0, 128));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.Equal([227, 127, 127], Read(data.ToArray()).Row(5)[..3].ToArray());
        var overBlue = new PictureReader(background: new RgbColour(0, 0, 255)).Read(new MemoryStream(data.ToArray()), "half");
        Assert.Equal([100, 0, 127], overBlue.Row(5)[..3].ToArray());
    }

    [Fact]
    public void Read_GreyPicture_HasEqualChannels()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 40, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.GetPixelSpan().Fill(77);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.False(Read(data.ToArray()).Pixels.Span.ContainsAnyExcept((byte)77));
    }

    [Theory]
    [InlineData("rgb48be")]
    [InlineData("gray16be")]
    public void Read_SixteenBitPng_KeepsTheUpperByte(string format)
    {
        using var clips = new Video.Clips();
        var path = clips.Make("deep.png", $"-f lavfi -i color=0x646464:size=48x48,format=rgb24 -frames:v 1 -vf scale=out_range=pc -pix_fmt {format}");
        Assert.All(new PictureReader().Read(path).Pixels.ToArray(), value => Assert.InRange(value, 99, 101));
    }

    [Fact]
    public void Read_CmykJpeg_HasTheRightColours()
    {
        var image = new PictureReader().Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "cmyk.jpg"));
        Assert.All(image.Row(10).Slice(30, 3).ToArray().Zip(new[] { 200, 40, 40 }), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 4));
        Assert.All(image.Row(10).Slice(150, 3).ToArray().Zip(new[] { 40, 60, 170 }), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 4));
    }

    [Theory]
    [InlineData(1, new[] { 1, 2, 3, 4 })]
    [InlineData(2, new[] { 2, 1, 4, 3 })]
    [InlineData(3, new[] { 4, 3, 2, 1 })]
    [InlineData(4, new[] { 3, 4, 1, 2 })]
    [InlineData(5, new[] { 1, 3, 2, 4 })]
    [InlineData(6, new[] { 3, 1, 4, 2 })]
    [InlineData(7, new[] { 4, 2, 3, 1 })]
    [InlineData(8, new[] { 2, 4, 1, 3 })]
    public void Read_ExifOrientation_IsHonoured(int orientation, int[] quadrants)
    {
        var image = RgbImage.Black(64, 32);
        for (var y = 0; y < 32; y++)
        {
            for (var x = 0; x < 64; x++)
                image.Row(y).Slice(3 * x, 3).Fill((byte)(50 * (1 + x / 32 + 2 * (y / 16))));
        }

        var read = Read(WithOrientation(Encode(image, SKEncodedImageFormat.Jpeg), (byte)orientation));
        Assert.Equal(orientation < 5 ? (64, 32) : (32, 64), (read.Width, read.Height));
        int Quadrant(int x, int y) => (int)Math.Round(read.Row(read.Height / 4 + y * read.Height / 2)[3 * (read.Width / 4 + x * read.Width / 2)] / 50.0);
        Assert.Equal(quadrants, new[] { Quadrant(0, 0), Quadrant(1, 0), Quadrant(0, 1), Quadrant(1, 1) });
    }

    [Fact]
    public void Read_OnePixel_IsRefused() => Refuses(Encode(Gradient(1, 1), SKEncodedImageFormat.Png), "HP1103");

    [Fact]
    public void Read_HugeHeader_IsRefusedBeforeDecoding()
    {
        var png = Encode(Gradient(40, 40), SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 30_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 30_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), PngChecksum(png.AsSpan(12, 17)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Refuses(png, "HP1104");
        Assert.Contains("900 megapixels", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Read_TruncatedFile_IsRefused(SKEncodedImageFormat format)
    {
        var bytes = Encode(Gradient(200, 200), format);
        Refuses(bytes[..(bytes.Length * 2 / 3)], "HP1105");
    }

    [Fact]
    public void Read_Garbage_IsRefused() => Refuses([.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 37))], "HP1102");

    [Fact]
    public void Read_EmptyFile_IsRefused() => Assert.StartsWith("HP11", Assert.Throws<RenderException>(() => Read([])).Code, StringComparison.Ordinal);

    [Fact]
    public void Read_OtherFormat_IsRefused()
    {
        using var clips = new Video.Clips();
        var path = clips.Make("picture.gif", "-f lavfi -i color=red:size=48x48 -frames:v 1");
        Assert.Equal("HP1102", Assert.Throws<RenderException>(() => new PictureReader().Read(path)).Code);
    }

    [Fact]
    public void Read_MissingFile_IsRefused() =>
        Assert.Equal("HP1101", Assert.Throws<RenderException>(() => new PictureReader().Read("/nowhere/picture.png")).Code);

    [Fact]
    public void WritePng_MissingFolder_IsRefused() =>
        Assert.Equal("HP1401", Assert.Throws<RenderException>(() => PictureWriter.WritePng(Gradient(40, 40), "/nowhere/picture.png")).Code);

    private static RenderException Refuses(byte[] bytes, string code)
    {
        var refusal = Assert.Throws<RenderException>(() => Read(bytes));
        Assert.Equal(code, refusal.Code);
        Assert.Contains("sample", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private static RgbImage Read(byte[] bytes) => new PictureReader().Read(new MemoryStream(bytes), "sample");

    private static RgbImage Gradient(int width, int height)
    {
        var image = RgbImage.Black(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                new[] { (byte)(200 * x / width), (byte)(200 * y / height), (byte)90 }.CopyTo(image.Row(y)[(3 * x)..]);
        }

        return image;
    }

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format)
    {
        using var png = new MemoryStream();
        PictureWriter.WritePng(image, png);
        if (format == SKEncodedImageFormat.Png)
            return png.ToArray();
        using var bitmap = SKBitmap.Decode(png.ToArray());
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>Puts an EXIF segment with only the orientation after the start of a JPEG.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2], 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. jpeg[2..],
    ];

    private static uint PngChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
        }

        return ~crc;
    }
}
