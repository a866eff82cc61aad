using System.Buffers.Binary;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;

namespace HunyuanPortrait.Drawing.Streams;

/// <summary>The layout of the stream (docs/drawn-portraits.md): a header of 64 bytes, then records of one length. Little-endian throughout.</summary>
internal static class DrawnStreamFormat
{
    public const int HeaderLength = 64;
    public const int Version = 1;
    private const int Numbers = 3;
    private const int Points = 2 * FaceLandmarks.Count;
    private const int Corners = 4;

    public static ReadOnlySpan<byte> Magic => "HPDRAWN1"u8;

    /// <summary>Bytes of a record before the pixels.</summary>
    public const int FactsLength = 4 * (Numbers + MotionFactors.Count + Points + Corners);

    public static int RecordLength(int size) => FactsLength + (RgbImage.Channels + 2) * size * size;

    public static void WriteHeader(Span<byte> header, SamplePlan plan)
    {
        header.Clear();
        Magic.CopyTo(header);
        ReadOnlySpan<int> fields =
        [
            Version, HeaderLength, RecordLength(plan.Size), plan.Size, MotionFactors.Count, plan.Identities, plan.Motions, plan.FramesPerMotion,
        ];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header[(8 + 4 * i)..], fields[i]);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], plan.Samples);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], plan.Seed);
        BinaryPrimitives.WriteInt32LittleEndian(header[56..], (int)plan.Split);
        BinaryPrimitives.WriteSingleLittleEndian(header[60..], (float)plan.FramesPerSecond);
    }

    /// <summary>The plan that a header tells; null when it is none of this version. The framing is not recorded.</summary>
    public static SamplePlan? ReadHeader(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Magic) || Field(header, 0) != Version || Field(header, 1) != HeaderLength || Field(header, 4) != MotionFactors.Count)
            return null;
        var plan = new SamplePlan(BinaryPrimitives.ReadUInt64LittleEndian(header[48..]),
            (IdentitySplit)BinaryPrimitives.ReadInt32LittleEndian(header[56..]), Field(header, 3))
        {
            Identities = Field(header, 5),
            Motions = Field(header, 6),
            FramesPerMotion = Field(header, 7),
            FramesPerSecond = BinaryPrimitives.ReadSingleLittleEndian(header[60..]),
        };
        if (plan.Size is < PortraitPainter.LeastSize or > PortraitPainter.MostSize || Field(header, 2) != RecordLength(plan.Size) || plan.SamplesPerBlock < 1)
            return null;
        return plan with { Blocks = BinaryPrimitives.ReadInt64LittleEndian(header[40..]) / plan.SamplesPerBlock };
    }

    public static void WriteRecord(Span<byte> record, SampleKey key, DrawnPortrait drawn)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, key.Identity);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], key.Column);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], key.Frame);
        var box = drawn.FaceBox;
        float[] facts =
        [
            .. key.Motion.ToVector(), .. drawn.Landmarks.Points.SelectMany(point => new[] { (float)point.X, (float)point.Y }),
            (float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom,
        ];
        for (var i = 0; i < facts.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(record[(4 * (Numbers + i))..], facts[i]);
        var pixels = record[FactsLength..];
        var area = drawn.FaceMask.Length;
        drawn.Picture.Pixels.Span.CopyTo(pixels);
        drawn.FaceMask.Span.CopyTo(pixels[(RgbImage.Channels * area)..]);
        drawn.ExpressionMask.Span.CopyTo(pixels[((RgbImage.Channels + 1) * area)..]);
    }

    public static DrawnSample ReadRecord(ReadOnlySpan<byte> record, int size)
    {
        var facts = new float[MotionFactors.Count + Points + Corners];
        for (var i = 0; i < facts.Length; i++)
            facts[i] = BinaryPrimitives.ReadSingleLittleEndian(record[(4 * (Numbers + i))..]);
        var points = new PicturePoint[FaceLandmarks.Count];
        for (var i = 0; i < points.Length; i++)
            points[i] = new PicturePoint(facts[MotionFactors.Count + 2 * i], facts[MotionFactors.Count + 2 * i + 1]);
        var box = facts.AsSpan(MotionFactors.Count + Points);
        var pixels = record[FactsLength..];
        var area = size * size;
        var key = new SampleKey(
            BinaryPrimitives.ReadUInt32LittleEndian(record), BinaryPrimitives.ReadInt32LittleEndian(record[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[8..]), Motion.FromVector(facts.AsSpan(0, MotionFactors.Count)));
        return new DrawnSample(key, new DrawnPortrait(
            new RgbImage(size, size, pixels[..(3 * area)].ToArray()), pixels.Slice(3 * area, area).ToArray(), pixels.Slice(4 * area, area).ToArray(),
            FaceLandmarks.FromPoints(points), new Box(box[0], box[1], box[2], box[3])));
    }

    private static int Field(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header[(8 + 4 * index)..]);
}

/// <summary>One sample of a stream.</summary>
/// <param name="Key">Who, and under which motion.</param>
/// <param name="Portrait">The picture and what is known about it.</param>
public sealed record DrawnSample(SampleKey Key, DrawnPortrait Portrait);
