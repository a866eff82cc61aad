using System.Collections.Immutable;

namespace HunyuanPortrait.Conversion.Checkpoints.Pickles;

/// <summary>What the allow-listed globals stand for. Nothing is ever looked up by name beyond this list.</summary>
internal enum TorchGlobal
{
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage,
}

/// <summary>An allow-listed global.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Element">Element type of a storage class.</param>
internal sealed record PickleGlobal(string Name, TorchGlobal Kind, ElementType Element = default);

/// <summary>A dictionary, in insertion order; keys are texts, numbers or booleans.</summary>
internal sealed class PickleDictionary
{
    public OrderedDictionary<object, object?> Items { get; } = [];
}

/// <summary>A list or set.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A storage in the file, by key.</summary>
internal sealed record StorageReference(string Key, ElementType Type, long ElementCount);

/// <summary>A view onto a storage; offset and strides count elements.</summary>
internal sealed record TensorReference(StorageReference Storage, long Offset, ImmutableArray<int> Sizes, ImmutableArray<long> Strides)
{
    /// <summary>Byte of the pickle at which the tensor was built, for messages.</summary>
    public long PickleOffset { get; init; }
}
