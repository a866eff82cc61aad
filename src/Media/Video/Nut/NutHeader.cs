namespace HunyuanPortrait.Media.Video.Nut;

/// <summary>A frame code's meaning in one stream's file.</summary>
internal readonly record struct NutFrameCode(NutFrameFlags Flags, long TimeDelta, long SizeFactor, long SizeOffset, int Reserved, int Elision);

/// <summary>The main header: how frames are coded.</summary>
internal sealed class NutMainHeader
{
    private const int CodeCount = 256;

    public required Rational[] TimeBases { get; init; }

    public required NutFrameCode[] Codes { get; init; }

    /// <summary>Leading bytes that frames may leave out; entry 0 is empty.</summary>
    public required byte[][] Elisions { get; init; }

    public static NutMainHeader Parse(ref NutFields fields)
    {
        var version = fields.Variable();
        if (version is < 2 or > 4)
            throw new InvalidDataException($"NUT version {version} is not known.");
        if (version > 3)
            fields.Variable();
        if (fields.Variable() != 1)
            throw new InvalidDataException("A NUT pipe carries one stream.");
        fields.Variable();
        var timeBases = new Rational[fields.Count()];
        for (var i = 0; i < timeBases.Length; i++)
            timeBases[i] = new Rational(fields.Variable(), fields.Variable());
        return new NutMainHeader { TimeBases = timeBases, Codes = ParseCodes(ref fields), Elisions = ParseElisions(ref fields) };
    }

    private static NutFrameCode[] ParseCodes(ref NutFields fields)
    {
        var codes = new NutFrameCode[CodeCount];
        long time = 0, factor = 1;
        var elision = 0;
        for (var i = 0; i < CodeCount;)
        {
            var flags = (NutFrameFlags)fields.Variable();
            var count = fields.Count();
            if (count > 0)
                time = fields.Signed();
            if (count > 1)
                factor = fields.Variable();
            if (count > 2)
                fields.Variable();
            var offset = count > 3 ? fields.Variable() : 0;
            var reserved = count > 4 ? fields.Count() : 0;
            var run = count > 5 ? fields.Variable() : factor - offset;
            if (count > 6)
                fields.Signed();
            if (count > 7)
                elision = fields.Count();
            for (var extra = 8; extra < count; extra++)
                fields.Variable();
            for (var j = 0; j < run && i < CodeCount; i++)
            {
                // The startcode's mark takes a place in the table, but none in the run.
                codes[i] = i == NutFormat.StartcodeMark
                    ? new NutFrameCode(NutFrameFlags.Invalid, 0, 0, 0, 0, 0)
                    : new NutFrameCode(flags, time, factor, offset + j++, reserved, elision);
            }
        }

        return codes;
    }

    private static byte[][] ParseElisions(ref NutFields fields)
    {
        var elisions = new byte[fields.Count() + 1][];
        elisions[0] = [];
        for (var i = 1; i < elisions.Length; i++)
            elisions[i] = fields.Bytes().ToArray();
        return elisions;
    }
}

/// <summary>The header of the one stream.</summary>
internal sealed record NutStreamHeader(int TimeBase, int TimeShift, int Width, int Height)
{
    public static NutStreamHeader Parse(ref NutFields fields)
    {
        fields.Variable();
        var kind = fields.Variable();
        var fourCc = fields.Bytes();
        if (kind != 0 || !fourCc.SequenceEqual(NutFormat.Rgb24FourCc))
            throw new InvalidDataException("A NUT pipe carries raw RGB video.");
        var timeBase = fields.Count();
        var shift = fields.Count();
        fields.Variable();
        fields.Variable();
        fields.Variable();
        fields.Bytes();
        return new NutStreamHeader(timeBase, shift, fields.Count(), fields.Count());
    }
}

/// <summary>Reads fields out of a packet's body.</summary>
internal ref struct NutFields(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> rest = body;

    public long Variable()
    {
        long value = 0;
        while (true)
        {
            if (rest.IsEmpty)
                throw new InvalidDataException("A NUT packet ends early.");
            var next = rest[0];
            rest = rest[1..];
            value = checked((value << 7) | (next & 0x7FL));
            if (next < 0x80)
                return value;
        }
    }

    public long Signed()
    {
        var value = Variable() + 1;
        return (value & 1) != 0 ? -(value >> 1) : value >> 1;
    }

    /// <summary>A variable that counts something small.</summary>
    public int Count()
    {
        var value = Variable();
        return value <= 1 << 20 ? (int)value : throw new InvalidDataException($"A NUT header says {value}, which cannot be.");
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Count();
        if (length > rest.Length)
            throw new InvalidDataException("A NUT packet ends early.");
        var bytes = rest[..length];
        rest = rest[length..];
        return bytes;
    }
}
