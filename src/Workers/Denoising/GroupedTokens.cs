using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Workers.Denoising;

/// <summary>Motion tokens of some groups of driving frames. Only frames of those groups can be read.</summary>
/// <param name="frameCount">Driving frames of the clip.</param>
/// <param name="groupLength">Frames of a group.</param>
/// <param name="groups">Tokens by group, <c>[T, tokenCount, tokenWidth]</c>; at least one.</param>
internal sealed class GroupedTokens(int frameCount, int groupLength, IReadOnlyDictionary<int, FloatTensor> groups) : IFrameStore
{
    public int FrameCount => frameCount;

    public int ValuesPerFrame { get; } = groups.Values.First().Shape[1] * groups.Values.First().Shape[2];

    public void Read(int frame, Span<float> destination) =>
        groups[frame / groupLength].Values.Slice(frame % groupLength * ValuesPerFrame, ValuesPerFrame).CopyTo(destination);

    public void Write(int frame, ReadOnlySpan<float> values) => throw new NotSupportedException("Motion tokens do not change.");

    public void Dispose()
    {
    }
}
