using System.Collections.Concurrent;
using System.Reflection;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>Counts the grain calls of this product's interfaces that silos receive. A call is two messages, unless nobody waits for its answer.</summary>
internal sealed class CallCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<MethodInfo, int> calls = [];

    public IReadOnlyDictionary<string, int> Calls => calls.Where(call => IsOurs(call.Key))
        .GroupBy(call => $"{call.Key.DeclaringType!.Name}.{call.Key.Name}").ToDictionary(name => name.Key, name => name.Sum(call => call.Value));

    public Task Invoke(IIncomingGrainCallContext context)
    {
        calls.AddOrUpdate(context.InterfaceMethod, 1, (_, count) => count + 1);
        return context.Invoke();
    }

    private static bool IsOurs(MethodInfo method) => method.DeclaringType?.Namespace?.StartsWith(nameof(HunyuanPortrait), StringComparison.Ordinal) == true;
}
