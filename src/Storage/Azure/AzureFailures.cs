using System.Net;
using Azure;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Storage.Azure;

/// <summary>The one place that interprets what the client of the blob service throws.</summary>
internal static class AzureFailures
{
    private const int ServerErrors = 500;

    /// <summary>Makes a call; its failure becomes a refusal. Cancellation by the caller passes.</summary>
    public static async Task<T> TranslatedAsync<T>(Uri place, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsServiceFailure(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw Refusal(place, exception);
        }
    }

    /// <summary>Whether a conditional call was refused because its condition does not hold.</summary>
    public static bool IsConditionNotMet(RequestFailedException failure) =>
        failure.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict
        && failure.ErrorCode is "ConditionNotMet" or "BlobAlreadyExists" or "UnauthorizedBlobOverwrite";

    /// <summary>Whether the blob or its container is not there.</summary>
    public static bool IsMissing(RequestFailedException failure) => failure is { Status: (int)HttpStatusCode.NotFound, ErrorCode: "BlobNotFound" };

    /// <summary>Whether an exception comes from the service or the way to it, rather than from the caller's own stream or code.</summary>
    public static bool IsServiceFailure(Exception exception) => exception switch
    {
        RequestFailedException => true,
        // All tries failed; or one took longer than its time, which the client reports as a cancellation.
        AggregateException several => several.InnerExceptions.All(IsServiceFailure),
        OperationCanceledException => true,
        _ => false,
    };

    public static RenderException Refusal(Uri place, Exception exception)
    {
        var failure = exception as RequestFailedException ?? (exception as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().LastOrDefault();
        return failure is null || IsTransient(failure.Status)
            ? StorageErrors.ServiceUnreachable(place, FirstLine(exception), exception)
            : StorageErrors.ServiceRefused(place, $"{failure.Status} {failure.ErrorCode}: {FirstLine(failure)}", failure);
    }

    // 0: there was no answer at all.
    private static bool IsTransient(int status) =>
        status is 0 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or >= ServerErrors;

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();
}
