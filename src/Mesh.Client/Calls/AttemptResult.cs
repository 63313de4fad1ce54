using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Calls;

/// <summary>A response, or how the attempt failed, as a value: an exception per failed attempt would cost more than the attempt.</summary>
internal readonly struct AttemptResult(HttpResponseMessage? response, AttemptOutcome outcome, Exception? error, bool cancelled)
{
    public HttpResponseMessage? Response => response;

    public AttemptOutcome Outcome => outcome;

    /// <summary>Why there is no response.</summary>
    public Exception? Error => error;

    /// <summary>The call's own token fired: the caller's, or the route's deadline.</summary>
    public bool Cancelled => cancelled;

    /// <param name="errors">Status codes that are errors; null: 5xx. What a trailers-only gRPC response says of itself goes first.</param>
    public AttemptVerdict Judge(StatusSet? errors)
    {
        if (response is null)
        {
            return AttemptVerdict.LocalFailure;
        }

        if (GrpcVerdict.IsGrpc(response))
        {
            return GrpcVerdict.Of(response);
        }

        var status = (int)response.StatusCode;
        return !(errors?.Contains(status) ?? status >= 500) ? AttemptVerdict.Success
            : status is 502 or 503 or 504 ? AttemptVerdict.GatewayFailure
            : AttemptVerdict.ServerError;
    }

    public string Describe() => outcome switch
    {
        AttemptOutcome.Response => $"the upstream answered {(int)response!.StatusCode}",
        AttemptOutcome.ConnectFailure => $"could not connect: {Reason}",
        AttemptOutcome.RefusedStream => "the upstream refused the stream",
        AttemptOutcome.RemoteReset => $"the upstream reset the stream: {Reason}",
        AttemptOutcome.ProtocolError => $"the upstream broke the protocol: {Reason}",
        AttemptOutcome.PerTryTimeout => "the per-try timeout ran out",
        _ => $"the connection ended before a response: {Reason}",
    };

    private string Reason => error is null ? "no reason is known" : AttemptFailure.Reason(error);
}
