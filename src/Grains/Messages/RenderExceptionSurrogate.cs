using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Grains.Messages;

/// <summary>A refusal on its way to a caller.</summary>
[GenerateSerializer, Immutable, Alias("hp.RenderException")]
public readonly record struct RenderExceptionSurrogate
{
    /// <summary>Stable code.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>What is wrong, where, and what to do about it.</summary>
    [Id(1)] public required string Message { get; init; }

    /// <summary>Whether the same call may succeed later.</summary>
    [Id(2)] public required bool IsTransient { get; init; }
}

/// <summary>Keeps the code of a refusal that crosses a grain call.</summary>
[RegisterConverter]
public sealed class RenderExceptionConverter : IConverter<RenderException, RenderExceptionSurrogate>
{
    /// <inheritdoc/>
    public RenderException ConvertFromSurrogate(in RenderExceptionSurrogate surrogate) =>
        new(surrogate.Code, surrogate.Message, isTransient: surrogate.IsTransient);

    /// <inheritdoc/>
    public RenderExceptionSurrogate ConvertToSurrogate(in RenderException value) =>
        new() { Code = value.Code, Message = value.Message, IsTransient = value.IsTransient };
}
