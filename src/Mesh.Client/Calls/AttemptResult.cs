using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Retries;

namespace ProxylessMesh.Client.Calls;

/// <summary>A response, or how the attempt failed, as a value: an exception per failed attempt would cost more than the attempt.</summary>
internal readonly struct AttemptResult(HttpResponseMessage? response, AttemptOutcome outcome, Exception? error, bool cancelled)
{
    public HttpResponseMessage? Response => response;

    public AttemptOutcome Outcome => outcome;

    /// <summary>The call's own token fired: the caller's, or the route's deadline.</summary>
    public bool Cancelled => cancelled;

    public AttemptVerdict Verdict
    {
        get
        {
            if (response is null)
            {
                return AttemptVerdict.LocalFailure;
            }

            return GrpcVerdict.IsGrpc(response) ? GrpcVerdict.Of(response) : (int)response.StatusCode switch
            {
                502 or 503 or 504 => AttemptVerdict.GatewayFailure,
                >= 500 => AttemptVerdict.ServerError,
                _ => AttemptVerdict.Success,
            };
        }
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
