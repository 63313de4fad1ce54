using System.Net.Http;

namespace ProxylessMesh.Client.Retries;

/// <summary>Sorts the exceptions of an attempt (HttpRequestError, RFC 9113 error codes).</summary>
internal static class AttemptFailure
{
    // RFC 9113, 7. HttpClient does not tell which side found an error; these are found by whoever reads.
    private const long ProtocolError = 0x1;
    private const long FlowControlError = 0x3;
    private const long FrameSizeError = 0x6;
    private const long RefusedStream = 0x7;
    private const long CompressionError = 0x9;

    public static AttemptOutcome Classify(Exception exception)
    {
        // What the parser says lies below what the connection made of it.
        for (var error = exception; error is not null; error = error.InnerException)
        {
            switch (error)
            {
                case HttpProtocolException protocol:
                    return protocol.ErrorCode switch
                    {
                        RefusedStream => AttemptOutcome.RefusedStream,
                        ProtocolError or FlowControlError or FrameSizeError or CompressionError => AttemptOutcome.ProtocolError,
                        _ => AttemptOutcome.RemoteReset,
                    };
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError }:
                    return AttemptOutcome.ConnectFailure;
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:
                    return AttemptOutcome.ProtocolError;
            }
        }

        return AttemptOutcome.Reset;
    }

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
