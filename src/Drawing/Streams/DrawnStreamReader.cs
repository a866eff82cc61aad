namespace HunyuanPortrait.Drawing.Streams;

/// <summary>Reads what <see cref="DrawnStreamWriter"/> wrote. Not safe for concurrent use.</summary>
public sealed class DrawnStreamReader
{
    private readonly Stream source;
    private readonly byte[] record;

    private DrawnStreamReader(Stream source, SamplePlan plan)
    {
        (this.source, Plan) = (source, plan);
        record = new byte[DrawnStreamFormat.RecordLength(plan.Size)];
    }

    /// <summary>What the stream holds.</summary>
    public SamplePlan Plan { get; }

    /// <summary>Reads the header.</summary>
    /// <param name="source">Stays open.</param>
    /// <exception cref="InvalidDataException">It is not such a stream.</exception>
    /// <exception cref="EndOfStreamException">It ends within its header.</exception>
    public static DrawnStreamReader Open(Stream source)
    {
        Span<byte> header = stackalloc byte[DrawnStreamFormat.HeaderLength];
        source.ReadExactly(header);
        return new DrawnStreamReader(source, DrawnStreamFormat.ReadHeader(header) ?? throw new InvalidDataException("Not a stream of drawn portraits of version 1."));
    }

    /// <summary>The next sample.</summary>
    /// <exception cref="EndOfStreamException">The stream ends within it; there are <see cref="SamplePlan.Samples"/> of them.</exception>
    public DrawnSample Read()
    {
        source.ReadExactly(record);
        return DrawnStreamFormat.ReadRecord(record, Plan.Size);
    }
}
