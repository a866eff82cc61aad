using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Video.Nut;

/// <summary>Writes raw RGB frames with their times as a NUT stream: a syncpoint before every frame, nothing that needs seeking.</summary>
internal sealed class NutWriter(Stream target)
{
    private const int Version = 3;
    private const int MaximumDistance = 65536;
    private const int MaximumTimeDistance = 1 << 16;
    private const int TimeShift = 7;
    private const int VideoClass = 0;
    private readonly List<byte> buffer = [];

    /// <summary>Writes the headers.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="ticksPerSecond">Unit of the frames' times.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public async Task WriteHeaderAsync(int width, int height, int ticksPerSecond, CancellationToken cancellationToken)
    {
        buffer.Clear();
        buffer.AddRange(NutFormat.FileId);
        AddPacket(NutFormat.MainStartcode, MainHeader(ticksPerSecond));
        AddPacket(NutFormat.StreamStartcode, StreamHeader(width, height));
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes one frame.</summary>
    /// <param name="frame">Of the header's size.</param>
    /// <param name="time">Ticks, greater than the frame's before.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public async Task WriteFrameAsync(RgbImage frame, long time, CancellationToken cancellationToken)
    {
        buffer.Clear();
        List<byte> syncpoint = [];
        syncpoint.WriteVariable(time);
        syncpoint.WriteVariable(0); // distance to the syncpoint before: nobody seeks in a pipe
        AddPacket(NutFormat.SyncpointStartcode, syncpoint);
        List<byte> header = [0];
        header.WriteVariable(time + (1 << TimeShift));
        header.WriteVariable(frame.Pixels.Length);
        buffer.AddRange(header);
        buffer.WriteUInt32(NutFormat.Checksum([.. header]));
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await target.WriteAsync(frame.Pixels, cancellationToken).ConfigureAwait(false);
    }

    private static List<byte> MainHeader(int ticksPerSecond)
    {
        const NutFrameFlags everyFrame = NutFrameFlags.Key | NutFrameFlags.CodedTime | NutFrameFlags.CodedSize | NutFrameFlags.Checksum;
        List<byte> body = [];
        foreach (var value in (ReadOnlySpan<long>)[Version, 1, MaximumDistance, 1, 1, ticksPerSecond])
            body.WriteVariable(value);

        // All 255 frame codes alike: flags, then six fields: time delta, size factor, stream, size, reserved, count.
        foreach (var value in (ReadOnlySpan<long>)[(long)everyFrame, 6, 0, 1, 0, 0, 0, 255])
            body.WriteVariable(value);
        body.WriteVariable(0);
        return body;
    }

    private static List<byte> StreamHeader(int width, int height)
    {
        List<byte> body = [];
        body.WriteVariable(0);
        body.WriteVariable(VideoClass);
        body.WriteVariable(NutFormat.Rgb24FourCc.Length);
        body.AddRange(NutFormat.Rgb24FourCc);
        foreach (var value in (ReadOnlySpan<long>)[0, TimeShift, MaximumTimeDistance, 0, 0, 0, width, height, 1, 1, 0])
            body.WriteVariable(value);
        return body;
    }

    private void AddPacket(ulong startcode, List<byte> body)
    {
        var start = buffer.Count;
        buffer.WriteUInt64(startcode);
        buffer.WriteVariable(body.Count + sizeof(uint));
        if (body.Count + sizeof(uint) > NutFormat.LongPacket)
            buffer.WriteUInt32(NutFormat.Checksum([.. buffer.Skip(start)]));
        buffer.AddRange(body);
        buffer.WriteUInt32(NutFormat.Checksum([.. body]));
    }

    private async Task FlushAsync(CancellationToken cancellationToken) =>
        await target.WriteAsync(buffer.ToArray(), cancellationToken).ConfigureAwait(false);
}
