using System.Collections.Frozen;

namespace HunyuanPortrait.Conversion.Checkpoints.Pickles;

/// <summary>The closed list of globals, and what "calling" them means: building a description, never running anything.</summary>
internal sealed class TorchConstructors(PickleCursor cursor)
{
    private static readonly FrozenDictionary<string, PickleGlobal> Allowed = new PickleGlobal[]
    {
        new("collections.OrderedDict", TorchGlobal.OrderedDict),
        new("torch._utils._rebuild_tensor_v2", TorchGlobal.RebuildTensor),
        new("torch._utils._rebuild_parameter", TorchGlobal.RebuildParameter),
        new("torch.DoubleStorage", TorchGlobal.Storage, ElementType.Float64),
        new("torch.FloatStorage", TorchGlobal.Storage, ElementType.Float32),
        new("torch.HalfStorage", TorchGlobal.Storage, ElementType.Float16),
        new("torch.BFloat16Storage", TorchGlobal.Storage, ElementType.BFloat16),
        new("torch.LongStorage", TorchGlobal.Storage, ElementType.Int64),
        new("torch.IntStorage", TorchGlobal.Storage, ElementType.Int32),
        new("torch.ShortStorage", TorchGlobal.Storage, ElementType.Int16),
        new("torch.CharStorage", TorchGlobal.Storage, ElementType.Int8),
        new("torch.ByteStorage", TorchGlobal.Storage, ElementType.UInt8),
        new("torch.BoolStorage", TorchGlobal.Storage, ElementType.Bool),
    }.ToFrozenDictionary(global => global.Name);

    /// <summary>Every storage that was referred to, by key.</summary>
    public Dictionary<string, StorageReference> Storages { get; } = [];

    public PickleGlobal Find(string module, string name, string operation) =>
        Allowed.TryGetValue($"{module}.{name}", out var global)
            ? global
            : throw CheckpointErrors.ForbiddenGlobal(cursor.Source, $"{module}.{name}", cursor.OperationStart, operation);

    public object Call(object? callable, object? arguments)
    {
        if (callable is not PickleGlobal global || arguments is not object?[] values)
            throw cursor.Malformed("REDUCE without an allowed constructor and a tuple");
        return global.Kind switch
        {
            TorchGlobal.OrderedDict when values.Length == 0 => new PickleDictionary(),
            TorchGlobal.RebuildTensor => RebuildTensor(values),
            TorchGlobal.RebuildParameter when values is [TensorReference tensor, bool, PickleDictionary { Items.Count: 0 }] => tensor,
            _ => throw cursor.Malformed($"{global.Name} is called with unexpected arguments"),
        };
    }

    /// <summary>Attributes of an ordered dictionary; PyTorch puts layer versions there, which no tensor needs.</summary>
    public void SetAttributes(object? target, object? state)
    {
        if (target is not PickleDictionary || state is not PickleDictionary attributes || attributes.Items.Keys.Any(key => key is not "_metadata"))
            throw cursor.Malformed("BUILD sets something other than the _metadata of a dictionary");
    }

    /// <summary><c>('storage', class, key, location, element count)</c>, in the older container followed by None.</summary>
    public StorageReference LoadStorage(object? identity)
    {
        if (identity is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal { Kind: TorchGlobal.Storage } type, string key, string, long count, ..]
            || (parts.Length == 6 && parts[5] is not null))
            throw cursor.Malformed("a persistent identity is not a storage (views of storages by PyTorch 0.1 are not read)");
        if (count < 0)
            throw cursor.Malformed($"storage '{CheckpointErrors.Shorten(key)}' claims {count} elements");
        var storage = new StorageReference(key, type.Element, count);
        if (!Storages.TryAdd(key, storage) && Storages[key] != storage)
            throw cursor.Malformed($"storage '{CheckpointErrors.Shorten(key)}' is described in two ways");
        return storage;
    }

    private TensorReference RebuildTensor(object?[] arguments)
    {
        if (arguments is not [StorageReference storage, long offset, object?[] sizes, object?[] strides, bool, PickleDictionary { Items.Count: 0 }, ..]
            || arguments.Length > 7 || (arguments.Length == 7 && arguments[6] is not (null or PickleDictionary { Items.Count: 0 })))
            throw cursor.Malformed("torch._utils._rebuild_tensor_v2 is called with unexpected arguments");
        if (sizes.Length != strides.Length || sizes.Length > PickleLimits.Rank)
            throw cursor.Malformed($"a tensor has {sizes.Length} sizes and {strides.Length} strides (at most {PickleLimits.Rank})");
        var tensor = new TensorReference(
            storage,
            offset,
            [.. sizes.Select(size => size is long and >= 0 and <= int.MaxValue ? (int)(long)size : throw cursor.Malformed($"a tensor has size {size}"))],
            [.. strides.Select(stride => stride is long and >= 0 ? (long)stride : throw cursor.Malformed($"a tensor has stride {stride}"))])
        {
            PickleOffset = cursor.OperationStart,
        };
        RequireInside(tensor);
        return tensor;
    }

    private void RequireInside(TensorReference tensor)
    {
        Int128 elements = 1;
        Int128 last = tensor.Offset;
        for (var axis = 0; axis < tensor.Sizes.Length; axis++)
        {
            elements = Int128.Min(elements * tensor.Sizes[axis], long.MaxValue);
            last += (Int128)Math.Max(0, tensor.Sizes[axis] - 1) * tensor.Strides[axis];
        }
        if (tensor.Offset < 0 || (tensor.Sizes.Contains(0) ? tensor.Offset > tensor.Storage.ElementCount : last >= tensor.Storage.ElementCount))
            throw CheckpointErrors.BadTensor(
                cursor.Source,
                $"on storage {tensor.Storage.Key}",
                $"sizes [{string.Join(", ", tensor.Sizes)}], strides [{string.Join(", ", tensor.Strides)}], offset {tensor.Offset} need element {last}, the storage has {tensor.Storage.ElementCount} (byte {cursor.OperationStart} of the pickle)");
        if (!tensor.Sizes.Contains(0) && elements > tensor.Storage.ElementCount && elements > PickleLimits.RepeatedElements)
            throw cursor.Limit($"a tensor repeats {tensor.Storage.ElementCount} elements to {elements}");
    }
}
