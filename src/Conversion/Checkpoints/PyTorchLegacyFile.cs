using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using HunyuanPortrait.Conversion.Checkpoints.Pickles;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>
/// The container before PyTorch 1.6: five pickles (magic number, version, system, state dictionary, storage keys), then every storage with
/// its element count in front.
/// </summary>
internal static class PyTorchLegacyFile
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Protocol 2 and the first bytes of the magic number.</summary>
    public static ReadOnlySpan<byte> Signature => [0x80, 2, 0x8A, 10, 0x6C, 0xFC];

    public static PyTorchContents Read(MappedFile file)
    {
        var pickles = new Sequence(file);
        if (pickles.Next().Value is not BigInteger magic || magic != Magic || pickles.Next().Value is not Version)
            throw CheckpointErrors.NotACheckpoint(file.Path, "a pickle that torch.save did not write");
        if (pickles.Next().Value is not PickleDictionary system || !system.Items.TryGetValue("little_endian", out var order) || order is not bool isLittle)
            throw CheckpointErrors.BadPickle(file.Path, pickles.Position, "the description of the writing system is missing");
        var (root, references) = pickles.Next();
        if (pickles.Next().Value is not PickleList keys)
            throw CheckpointErrors.BadPickle(file.Path, pickles.Position, "the list of storages is missing");
        return new PyTorchContents(root, LocateStorages(file, pickles.Position, keys, references), BigEndian: !isLittle);
    }

    private static Dictionary<string, StorageExtent> LocateStorages(
        MappedFile file, long position, PickleList keys, IReadOnlyDictionary<string, StorageReference> references)
    {
        var storages = new Dictionary<string, StorageExtent>();
        foreach (var item in keys.Items)
        {
            if (item is not string key || !references.TryGetValue(key, out var reference))
                throw CheckpointErrors.BadPickle(file.Path, position, "a storage is listed that no tensor uses");
            var count = BinaryPrimitives.ReadInt64LittleEndian(file.Read(position, sizeof(long)));
            if (count != reference.ElementCount)
                throw CheckpointErrors.BadTensor(file.Path, $"on storage {key}", $"{reference.ElementCount} elements are described, {count} stored");
            var bytes = (Int128)count * reference.Type.Size();
            if (bytes > file.Length - position - sizeof(long))
                throw CheckpointErrors.Truncated(file.Path, $"storage {key} needs {bytes} bytes from {position + sizeof(long)}, the file has {file.Length}");
            if (!storages.TryAdd(key, new StorageExtent(key, position + sizeof(long), (long)bytes, 0)))
                throw CheckpointErrors.BadPickle(file.Path, position, $"storage {key} is listed twice");
            position += sizeof(long) + (long)bytes;
        }
        return storages;
    }

    /// <summary>Pickles one after the other at the head of the file.</summary>
    private sealed class Sequence(MappedFile file)
    {
        private readonly byte[] head = file.Read(0, (int)Math.Min(PickleLimits.Bytes, file.Length));

        public int Position { get; private set; }

        public (object? Value, IReadOnlyDictionary<string, StorageReference> Storages) Next()
        {
            var interpreter = new PickleInterpreter(head, file.Path, Position);
            var value = interpreter.Load();
            Position = interpreter.Position;
            return (value, interpreter.Storages);
        }
    }
}
