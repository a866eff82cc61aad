using System.Security.Cryptography;
using System.Text;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>
/// One writer at a time for a key, among all processes on a directory. Keys share a fixed number of lock files, so that none has to be removed.
/// </summary>
internal sealed class KeyLocks(string folder)
{
    private const int Stripes = byte.MaxValue + 1;

    // Writers of one process wait here in line; only processes contend for the file.
    private readonly SemaphoreSlim[] lines = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    public async Task<Held> TakeAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        int stripe = SHA256.HashData(Encoding.ASCII.GetBytes(key.Value))[0];
        await lines[stripe].WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new Held(lines[stripe], await FileLock.TakeAsync(Path.Combine(folder, $"{stripe:x2}"), cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            lines[stripe].Release();
            throw;
        }
    }

    internal readonly struct Held(SemaphoreSlim line, FileLock file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            line.Release();
        }
    }
}
