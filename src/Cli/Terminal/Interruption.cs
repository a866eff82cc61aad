using System.Runtime.InteropServices;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>Ctrl-C and a polite kill: the first cancels, a second ends the process the hard way.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int signalNumber;

    public Interruption() =>
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>What a shell expects of a program that a signal stopped.</summary>
    public int ExitCode => 128 + signalNumber;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (source.IsCancellationRequested)
            return;
        context.Cancel = true;
        signalNumber = context.Signal == PosixSignal.SIGINT ? 2 : 15;
        source.Cancel();
    }
}
