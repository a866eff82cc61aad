namespace HunyuanPortrait.Chaos.Tests.Processes;

/// <summary>What the kernel says about a process.</summary>
internal static class LiveProcess
{
    /// <summary>Its state: R runs, S sleeps, T is stopped; null: there is none.</summary>
    public static char? StateOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static async Task AwaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }
}
