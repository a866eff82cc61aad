using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Workers.Preparing;

namespace HunyuanPortrait.Workers.Encoding;

/// <summary>Files that ffmpeg reads and writes, on their way from and to the store.</summary>
internal sealed class EncodingFiles(IArtifactStore store, ScratchFolder scratch)
{
    /// <summary>Lets something write a file, stores it and removes it.</summary>
    public async Task<TaskResult> KeepAsync(ArtifactKey key, string extension, Func<string, Task> write, CancellationToken cancellationToken)
    {
        var path = scratch.NewFile(extension);
        try
        {
            await write(path).ConfigureAwait(false);
            await using var file = File.OpenRead(path);
            var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
            file.Position = 0;
            await store.CreateAsync(key, file, cancellationToken).ConfigureAwait(false);
            return new TaskResult(key.Value, sha256);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Copies an artifact into a file, which the caller removes.</summary>
    /// <exception cref="Core.Errors.RenderException">HP5202: it is not there.</exception>
    public async Task<string> CopyAsync(ArtifactKey key, string extension, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw ExecutionErrors.MissingArtifact(key.Value);
        var path = scratch.NewFile(extension);
        await using var file = File.Create(path);
        await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        return path;
    }
}
