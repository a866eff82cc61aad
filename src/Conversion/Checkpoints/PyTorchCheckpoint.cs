using System.Globalization;
using HunyuanPortrait.Conversion.Checkpoints.Pickles;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>
/// A file written by <c>torch.save</c>: a state dictionary, possibly nested; tensors in nested containers carry the keys on their way,
/// joined by dots. The pickle is read by a closed interpreter, storages are mapped in place.
/// </summary>
public sealed class PyTorchCheckpoint : ICheckpoint
{
    private readonly MappedFile file;
    private readonly PyTorchContents contents;
    private readonly OrderedDictionary<string, TensorEntry> tensors = [];
    private readonly Dictionary<string, TensorReference> references = [];
    private readonly HashSet<string> checkedStorages = [];
    private readonly Lock checking = new();
    private int visits;

    private PyTorchCheckpoint(MappedFile file, PyTorchContents contents)
    {
        this.file = file;
        this.contents = contents;
        if (contents.Root is not PickleDictionary)
            throw CheckpointErrors.BadPickle(file.Path, 0, "the saved value is not a dictionary");
        Collect("", contents.Root, 0);
    }

    /// <inheritdoc/>
    public string Source => file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <summary>Opens a file and reads its pickle; no tensor is read yet.</summary>
    /// <exception cref="Core.Errors.RenderException">HP20xx: not readable, damaged, or anything but a plain state dictionary.</exception>
    public static PyTorchCheckpoint Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            var isLegacy = file.Read(0, (int)Math.Min(file.Length, PyTorchLegacyFile.Signature.Length)).AsSpan().SequenceEqual(PyTorchLegacyFile.Signature);
            return new PyTorchCheckpoint(file, isLegacy ? PyTorchLegacyFile.Read(file) : PyTorchZipFile.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination) => TensorReader.ReadFloats(file, Locate(name), destination);

    /// <inheritdoc/>
    public void ReadIntegers(string name, Span<long> destination) => TensorReader.ReadIntegers(file, Locate(name), destination);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Collect(string name, object? value, int depth)
    {
        if (depth > PickleLimits.Nesting || ++visits > PickleLimits.Visits || name.Length > PickleLimits.NameLength)
            throw CheckpointErrors.PickleLimit(Source, 0, "containers are nested or shared without end");
        switch (value)
        {
            case TensorReference tensor:
                Add(name, tensor);
                break;
            case PickleDictionary dictionary:
                foreach (var (key, item) in dictionary.Items)
                    Collect(Join(name, Convert.ToString(key, CultureInfo.InvariantCulture)!), item, depth + 1);
                break;
            case PickleList list:
                CollectItems(name, list.Items, depth);
                break;
            case object?[] tuple:
                CollectItems(name, tuple, depth);
                break;
            default:
                break;
        }
    }

    private void CollectItems(string name, IReadOnlyList<object?> items, int depth)
    {
        for (var i = 0; i < items.Count; i++)
            Collect(Join(name, i.ToString(CultureInfo.InvariantCulture)), items[i], depth + 1);
    }

    private void Add(string name, TensorReference tensor)
    {
        if (!references.TryAdd(name, tensor))
            throw CheckpointErrors.BadPickle(Source, tensor.PickleOffset, $"two tensors are named '{CheckpointErrors.Shorten(name)}'");
        tensors.Add(name, new TensorEntry(name, new TensorShape([.. tensor.Sizes]), tensor.Storage.Type));
        RequireStorage(name, tensor.Storage);
    }

    private void RequireStorage(string name, StorageReference storage)
    {
        if (!contents.Storages.TryGetValue(storage.Key, out var extent))
            throw CheckpointErrors.BadTensor(Source, name, $"storage '{CheckpointErrors.Shorten(storage.Key)}' is not in the file");
        var bytes = (Int128)storage.ElementCount * storage.Type.Size();
        if (extent.Length < bytes)
            throw CheckpointErrors.BadTensor(Source, name, $"its storage needs {bytes} bytes, {extent.Length} are stored");
    }

    private StoredTensor Locate(string name)
    {
        if (!references.TryGetValue(name, out var tensor))
            throw CheckpointErrors.NoSuchTensor(Source, name);
        var extent = contents.Storages[tensor.Storage.Key];
        RequireChecksum(extent);
        var start = extent.Offset + (tensor.Offset * tensor.Storage.Type.Size());
        return new StoredTensor(tensors[name], start, tensor.Strides, contents.BigEndian);
    }

    /// <summary>Once per storage, when its first tensor is read.</summary>
    private void RequireChecksum(StorageExtent extent)
    {
        const int Piece = 32 << 20;
        lock (checking)
        {
            if (extent.Crc == 0 || checkedStorages.Contains(extent.Name))
                return;
            var crc = new Crc32();
            for (long done = 0; done < extent.Length; done += Piece)
            {
                var length = (int)Math.Min(Piece, extent.Length - done);
                using var range = file.Map(extent.Offset + done, length);
                crc.Append(range.Span(0, length));
            }
            if (crc.Value != extent.Crc)
                throw CheckpointErrors.Damaged(Source, extent.Name);
            checkedStorages.Add(extent.Name);
        }
    }

    private static string Join(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}.{key}";
}
