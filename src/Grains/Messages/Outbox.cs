using Microsoft.Extensions.Logging;

namespace HunyuanPortrait.Grains.Messages;

/// <summary>
/// Messages to other grains that follow from what is durable already. They are sent off the grain's turn, because two grains that wait for each other
/// would wait for ever, and again until they arrive; what an activation did not get rid of, the next one finds in its state and sends again.
/// Used from one grain's scheduler only.
/// </summary>
internal sealed partial class Outbox(string owner, ILogger logger)
{
    private readonly Dictionary<string, Func<Task>> waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> sending = new(StringComparer.Ordinal);

    /// <summary>Messages that have not arrived yet.</summary>
    public int Count => waiting.Count;

    /// <summary>Sends a message now, and again until it arrives.</summary>
    /// <param name="name">Of several messages with one name only the newest has to arrive.</param>
    /// <param name="send">Sends it; may be called again.</param>
    public void Send(string name, Func<Task> send)
    {
        waiting[name] = send;
        if (!sending.Contains(name))
            _ = AttemptAsync(name);
    }

    /// <summary>Sends again what has not arrived.</summary>
    public void Retry()
    {
        foreach (var name in waiting.Keys.Except(sending).ToArray())
            _ = AttemptAsync(name);
    }

    private async Task AttemptAsync(string name)
    {
        sending.Add(name);
        try
        {
            while (waiting.TryGetValue(name, out var send))
            {
                await send();
                if (waiting[name] == send)
                    waiting.Remove(name);
            }
        }
        catch (Exception failure)
        {
            // A silo has gone, or a store is away: Retry sends it again.
            LogNotArrived(logger, owner, name, failure.Message);
        }
        finally
        {
            sending.Remove(name);
        }
    }

    [LoggerMessage(EventId = 6101, Level = LogLevel.Debug, Message = "{Owner}: '{Name}' did not arrive: {Reason}")]
    private static partial void LogNotArrived(ILogger logger, string owner, string name, string reason);
}
