using System.Collections.Concurrent;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>Counts the grain calls of this product's interfaces that silos receive. A call is two messages, unless nobody waits for its answer.</summary>
internal sealed class CallCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> calls = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Calls => new Dictionary<string, int>(calls);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType?.Namespace?.StartsWith(nameof(HunyuanPortrait), StringComparison.Ordinal) == true)
            calls.AddOrUpdate($"{context.InterfaceMethod.DeclaringType.Name}.{context.InterfaceMethod.Name}", 1, (_, count) => count + 1);
        return context.Invoke();
    }
}
