using System.Net.Http;

namespace ProxylessMesh.Client.Retries;

/// <summary>Sorts the exceptions of an attempt (HttpRequestError, RFC 9113 error codes).</summary>
internal static class AttemptFailure
{
    private const long RefusedStream = 0x7;

    public static AttemptOutcome Classify(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError }
            => AttemptOutcome.ConnectFailure,
        HttpRequestException { InnerException: HttpProtocolException { ErrorCode: RefusedStream } } => AttemptOutcome.RefusedStream,
        HttpProtocolException { ErrorCode: RefusedStream } => AttemptOutcome.RefusedStream,
        _ => AttemptOutcome.Reset,
    };

    /// <summary>The innermost reason, for the sentence that a caller reads.</summary>
    public static string Reason(Exception exception)
    {
        var root = exception;
        while (root.InnerException is { } inner)
        {
            root = inner;
        }

        return root.Message;
    }
}
