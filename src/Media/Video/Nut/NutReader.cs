using System.Buffers.Binary;

namespace HunyuanPortrait.Media.Video.Nut;

/// <summary>Reads raw RGB frames with their times from a NUT stream of one video stream, as ffmpeg writes it.</summary>
/// <param name="stream">Buffered: headers are read byte by byte.</param>
internal sealed class NutReader(Stream stream)
{
    private const int LongestHeader = 1 << 20;
    private readonly byte[] word = new byte[sizeof(ulong)];
    private NutMainHeader main = null!;
    private NutStreamHeader video = null!;
    private long lastTime;

    /// <summary>Pixels.</summary>
    public int Width => video.Width;

    /// <summary>Pixels.</summary>
    public int Height => video.Height;

    /// <summary>Seconds per tick.</summary>
    public Rational TimeBase => main.TimeBases[video.TimeBase];

    /// <summary>Reads up to the first frame.</summary>
    /// <returns>False when the stream ends before it: there is no frame.</returns>
    /// <exception cref="InvalidDataException">It is not such a stream.</exception>
    public async Task<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var id = new byte[NutFormat.FileId.Length];
        if (await stream.ReadAtLeastAsync(id, id.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < id.Length)
            return false;
        if (!NutFormat.FileId.SequenceEqual(id))
            throw new InvalidDataException("The pipe does not carry NUT.");
        return true;
    }

    /// <summary>Reads the next frame's header and any packets before it.</summary>
    /// <returns>The frame's time and length; null at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">The stream is damaged.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a packet.</exception>
    public async Task<(long Time, int Length, ReadOnlyMemory<byte> Prefix)?> ReadFrameHeaderAsync(CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(word.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) == 1)
        {
            if (word[0] != NutFormat.StartcodeMark)
                return await FrameHeaderAsync(word[0], cancellationToken).ConfigureAwait(false);
            await PacketAsync(cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Reads exactly what a frame holds.</summary>
    public async Task ReadFrameAsync(Memory<byte> pixels, CancellationToken cancellationToken) =>
        await stream.ReadExactlyAsync(pixels, cancellationToken).ConfigureAwait(false);

    private async Task<(long, int, ReadOnlyMemory<byte>)> FrameHeaderAsync(byte code, CancellationToken cancellationToken)
    {
        var entry = main.Codes[code];
        var flags = entry.Flags;
        if (flags.HasFlag(NutFrameFlags.CodedFlags))
            flags ^= (NutFrameFlags)await VariableAsync(cancellationToken).ConfigureAwait(false);
        if ((flags & (NutFrameFlags.Invalid | NutFrameFlags.SideData)) != 0)
            throw new InvalidDataException($"NUT frame with flags {flags}.");
        if (flags.HasFlag(NutFrameFlags.CodedStream))
            await VariableAsync(cancellationToken).ConfigureAwait(false);
        lastTime = flags.HasFlag(NutFrameFlags.CodedTime)
            ? FullTime(await VariableAsync(cancellationToken).ConfigureAwait(false))
            : lastTime + entry.TimeDelta;
        var size = entry.SizeOffset;
        if (flags.HasFlag(NutFrameFlags.CodedSize))
            size += entry.SizeFactor * await VariableAsync(cancellationToken).ConfigureAwait(false);
        if (flags.HasFlag(NutFrameFlags.MatchTime))
            await VariableAsync(cancellationToken).ConfigureAwait(false);
        var elision = flags.HasFlag(NutFrameFlags.ElisionHeader)
            ? (int)await VariableAsync(cancellationToken).ConfigureAwait(false)
            : entry.Elision;
        var reserved = flags.HasFlag(NutFrameFlags.Reserved) ? await VariableAsync(cancellationToken).ConfigureAwait(false) : entry.Reserved;
        for (var i = 0; i < reserved; i++)
            await VariableAsync(cancellationToken).ConfigureAwait(false);
        if (flags.HasFlag(NutFrameFlags.Checksum))
            await stream.ReadExactlyAsync(word.AsMemory(0, sizeof(uint)), cancellationToken).ConfigureAwait(false);
        return (lastTime, checked((int)size), main.Elisions[elision]);
    }

    /// <summary>Small numbers are the time's low bits, to be completed by the time before; others are the time itself, moved up.</summary>
    private long FullTime(long coded)
    {
        var range = 1L << video.TimeShift;
        if (coded >= range)
            return coded - range;
        var start = lastTime - (range - 1) / 2;
        return ((coded - start) & (range - 1)) + start;
    }

    private async Task PacketAsync(CancellationToken cancellationToken)
    {
        await stream.ReadExactlyAsync(word.AsMemory(1, sizeof(ulong) - 1), cancellationToken).ConfigureAwait(false);
        var startcode = BinaryPrimitives.ReadUInt64BigEndian(word);
        var length = await VariableAsync(cancellationToken).ConfigureAwait(false);
        if (length is < sizeof(uint) or > LongestHeader)
            throw new InvalidDataException($"A NUT packet of {length} bytes.");
        if (length > NutFormat.LongPacket)
            await stream.ReadExactlyAsync(word.AsMemory(0, sizeof(uint)), cancellationToken).ConfigureAwait(false);
        var packet = new byte[length];
        await stream.ReadExactlyAsync(packet, cancellationToken).ConfigureAwait(false);
        if (NutFormat.Checksum(packet) != 0)
            throw new InvalidDataException("A NUT packet's checksum is wrong.");
        Parse(startcode, packet.AsSpan(0, packet.Length - sizeof(uint)));
    }

    private void Parse(ulong startcode, ReadOnlySpan<byte> body)
    {
        var fields = new NutFields(body);
        if (startcode == NutFormat.MainStartcode)
            main = NutMainHeader.Parse(ref fields);
        else if (startcode == NutFormat.StreamStartcode)
            video = NutStreamHeader.Parse(ref fields);
        else if (startcode == NutFormat.SyncpointStartcode)
            lastTime = fields.Variable() / main.TimeBases.Length; // one stream, so one time base
    }

    private async Task<long> VariableAsync(CancellationToken cancellationToken)
    {
        long value = 0;
        while (true)
        {
            await stream.ReadExactlyAsync(word.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
            value = checked((value << 7) | (word[0] & 0x7FL));
            if (word[0] < 0x80)
                return value;
        }
    }
}
