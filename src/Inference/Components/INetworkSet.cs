using HunyuanPortrait.Core.Networks;

namespace HunyuanPortrait.Inference.Components;

/// <summary>The networks of one model, by <see cref="Core.Models.NetworkNames"/>. The set owns them.</summary>
public interface INetworkSet
{
    /// <summary>A network; loaded at its first use.</summary>
    INetwork this[string name] { get; }

    /// <summary>True when the model has the network (ArcFace is optional).</summary>
    bool Contains(string name);
}
