using System.Buffers.Binary;
using System.Text.Json;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>The checked header of a safetensors file. What it says of lengths is compared with the file, never believed.</summary>
internal sealed class SafetensorsHeader
{
    public const int PrefixBytes = 8;
    private const long LongestHeader = 100_000_000;

    private readonly string source;
    private readonly long dataStart;
    private readonly long dataLength;

    private SafetensorsHeader(string source, long dataStart, long dataLength)
    {
        this.source = source;
        this.dataStart = dataStart;
        this.dataLength = dataLength;
    }

    public OrderedDictionary<string, StoredTensor> Tensors { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    public static SafetensorsHeader Read(MappedFile file)
    {
        if (file.Length < PrefixBytes)
            throw CheckpointErrors.Truncated(file.Path, $"it has {file.Length} bytes");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Read(0, PrefixBytes));
        if (length > LongestHeader)
            throw CheckpointErrors.BadHeader(file.Path, $"it claims {length} bytes, at most {LongestHeader} are allowed");
        if ((long)length > file.Length - PrefixBytes)
            throw CheckpointErrors.Truncated(file.Path, $"its header claims {length} bytes, only {file.Length - PrefixBytes} follow");
        var dataStart = PrefixBytes + (long)length;
        var header = new SafetensorsHeader(file.Path, dataStart, file.Length - dataStart);
        header.Parse(file.Read(PrefixBytes, (int)length));
        header.RequireNoGaps();
        return header;
    }

    private void Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw CheckpointErrors.BadHeader(source, "it is not a JSON object");
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals("__metadata__"))
                    ParseMetadata(property.Value);
                else if (!Tensors.TryAdd(property.Name, ParseTensor(property.Name, property.Value)))
                    throw CheckpointErrors.BadHeader(source, $"tensor '{CheckpointErrors.Shorten(property.Name)}' is listed twice");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: JSON text that is not valid UTF-16 once unescaped.
            throw CheckpointErrors.BadHeader(source, $"it is not valid JSON ({exception.Message})");
        }
    }

    private void ParseMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object)
            throw CheckpointErrors.BadHeader(source, "__metadata__ is not an object");
        foreach (var property in metadata.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw CheckpointErrors.BadHeader(source, "__metadata__ holds something other than text");
            Metadata[property.Name] = property.Value.GetString()!;
        }
    }

    private StoredTensor ParseTensor(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !element.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array)
            throw Bad(name, "it needs dtype, shape and data_offsets");

        var entry = new TensorEntry(name, ParseShape(name, shape), ParseType(name, dtype.GetString()!));
        var (begin, end) = ParseOffsets(name, offsets);
        var bytes = ByteCount(entry);
        if (end - begin != bytes)
            throw Bad(name, $"{entry.Shape} of {entry.Type} takes {bytes} bytes, data_offsets span {end - begin}");
        return StoredTensor.Contiguous(entry, dataStart + begin);
    }

    private TensorShape ParseShape(string name, JsonElement shape)
    {
        var dimensions = new int[shape.GetArrayLength()];
        for (var axis = 0; axis < dimensions.Length; axis++)
        {
            if (shape[axis].ValueKind != JsonValueKind.Number || !shape[axis].TryGetInt32(out dimensions[axis]) || dimensions[axis] < 0)
                throw Bad(name, $"dimension {axis} is '{CheckpointErrors.Shorten(shape[axis].ToString())}'");
        }
        return new TensorShape(dimensions);
    }

    private ElementType ParseType(string name, string dtype) => dtype switch
    {
        "F64" => ElementType.Float64,
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "I64" => ElementType.Int64,
        "I32" => ElementType.Int32,
        "I16" => ElementType.Int16,
        "I8" => ElementType.Int8,
        "U8" => ElementType.UInt8,
        "BOOL" => ElementType.Bool,
        _ => throw CheckpointErrors.UnsupportedType(source, name, dtype),
    };

    private (long Begin, long End) ParseOffsets(string name, JsonElement offsets)
    {
        if (offsets.GetArrayLength() != 2
            || offsets[0].ValueKind != JsonValueKind.Number || !offsets[0].TryGetInt64(out var begin)
            || offsets[1].ValueKind != JsonValueKind.Number || !offsets[1].TryGetInt64(out var end))
            throw Bad(name, "data_offsets are not two whole numbers");
        if (begin < 0 || end < begin)
            throw Bad(name, $"data_offsets [{begin}, {end}] run backwards or below zero");
        if (end > dataLength)
            throw CheckpointErrors.Truncated(source, $"tensor '{CheckpointErrors.Shorten(name)}' ends at byte {end} of the data, which has {dataLength}");
        return (begin, end);
    }

    private long ByteCount(TensorEntry entry)
    {
        try
        {
            return checked(entry.Shape.ElementCount * entry.Type.Size());
        }
        catch (OverflowException)
        {
            throw Bad(entry.Name, $"shape {entry.Shape} overflows");
        }
    }

    private void RequireNoGaps()
    {
        long expected = 0;
        foreach (var tensor in Tensors.Values.OrderBy(tensor => tensor.Start).ThenBy(tensor => tensor.Extent))
        {
            if (tensor.Start - dataStart != expected)
                throw Bad(tensor.Entry.Name, $"it starts at byte {tensor.Start - dataStart} of the data where {expected} was expected: tensors overlap or leave a gap");
            expected += tensor.Extent;
        }
        if (expected != dataLength)
            throw CheckpointErrors.BadHeader(source, $"its tensors take {expected} bytes, {dataLength} follow the header");
    }

    private Core.Errors.RenderException Bad(string name, string detail) =>
        CheckpointErrors.BadHeader(source, $"tensor '{CheckpointErrors.Shorten(name)}': {detail}");
}
