using HunyuanPortrait.Conversion.Checkpoints.Pickles;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>The bytes of one storage in a file.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Crc">Checksum; 0 where there is none.</param>
internal sealed record StorageExtent(string Name, long Offset, long Length, uint Crc);

/// <summary>What both PyTorch containers come down to.</summary>
/// <param name="Root">The pickled value.</param>
/// <param name="Storages">By key.</param>
/// <param name="BigEndian">Byte order of all storages.</param>
internal sealed record PyTorchContents(object? Root, IReadOnlyDictionary<string, StorageExtent> Storages, bool BigEndian);

/// <summary>The zip container: <c>root/data.pkl</c>, <c>root/data/KEY</c>, <c>root/byteorder</c>.</summary>
internal static class PyTorchZipFile
{
    private const string PickleName = "/data.pkl";

    public static PyTorchContents Read(MappedFile file)
    {
        var entries = ZipDirectory.Read(file).Entries;
        var pickles = entries.Values.Where(entry => entry.Name.EndsWith(PickleName, StringComparison.Ordinal)).ToArray();
        if (pickles.Length != 1)
            throw CheckpointErrors.NotACheckpoint(file.Path, pickles.Length == 0 ? "a zip file that torch.save did not write (no data.pkl)" : "a zip file with several pickles");
        var root = pickles[0].Name[..^PickleName.Length];
        var data = ReadChecked(file, pickles[0]);
        var interpreter = new PickleInterpreter(data, file.Path);
        var value = interpreter.Load();

        var prefix = $"{root}/data/";
        var storages = new Dictionary<string, StorageExtent>();
        foreach (var key in interpreter.Storages.Keys)
        {
            if (entries.TryGetValue(prefix + key, out var entry))
                storages.Add(key, new StorageExtent(entry.Name, entry.Offset, entry.Length, entry.Crc));
        }
        return new PyTorchContents(value, storages, IsBigEndian(file, entries.GetValueOrDefault($"{root}/byteorder")));
    }

    private static byte[] ReadChecked(MappedFile file, ZipEntry entry)
    {
        if (entry.Length > PickleLimits.Bytes)
            throw CheckpointErrors.PickleLimit(file.Path, 0, $"{entry.Length} bytes, at most {PickleLimits.Bytes} are allowed");
        var data = file.Read(entry.Offset, (int)entry.Length);
        return entry.Crc == 0 || Crc32.Of(data) == entry.Crc ? data : throw CheckpointErrors.Damaged(file.Path, entry.Name);
    }

    private static bool IsBigEndian(MappedFile file, ZipEntry? entry)
    {
        if (entry is null)
            return false;
        var order = ReadChecked(file, entry).AsSpan();
        return order.SequenceEqual("big"u8)
            || (order.SequenceEqual("little"u8) ? false : throw CheckpointErrors.BadArchive(file.Path, "its byte order is neither 'little' nor 'big'"));
    }
}
