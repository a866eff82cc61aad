namespace HunyuanPortrait.Core.Errors;

/// <summary>
/// A refusal that a user can act on. <see cref="Code"/> is stable (<c>HP1203</c>) and names a heading of <c>docs/troubleshooting.md</c>;
/// the message says what, where, and what to do.
/// </summary>
/// <remarks>
/// Code ranges: HP1xxx media · HP2xxx checkpoints and models · HP3xxx options · HP4xxx storage and output · HP5xxx inference devices · HP6xxx jobs.
/// Each project creates its refusals in one factory class (<c>MediaErrors</c>, <c>CheckpointErrors</c>, …).
/// </remarks>
public class RenderException : Exception
{
    /// <summary>Creates a refusal.</summary>
    /// <param name="code">Stable code, "HP" and four digits.</param>
    /// <param name="message">What is wrong, where, and what to do about it.</param>
    /// <param name="innerException">The cause, when another component reported it.</param>
    /// <param name="isTransient">True when the same call may succeed later without any change.</param>
    public RenderException(string code, string message, Exception? innerException = null, bool isTransient = false)
        : base(message, innerException)
    {
        Code = code;
        IsTransient = isTransient;
    }

    /// <summary>Stable code, "HP" and four digits.</summary>
    public string Code { get; }

    /// <summary>True when the same call may succeed later without any change.</summary>
    public bool IsTransient { get; }
}
