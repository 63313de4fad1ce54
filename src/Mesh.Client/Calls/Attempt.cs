using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Retries;

namespace ProxylessMesh.Client.Calls;

/// <summary>Sends a request to one endpoint once, and turns whatever happens into a value.</summary>
internal static class Attempt
{
    public static ValueTask<AttemptResult> SendAsync(
        HttpRequestMessage request, Endpoint endpoint, TimeSpan? perTryTimeout, TimeProvider time, CancellationToken token) =>
        perTryTimeout is { } timeout
            ? SendInTimeAsync(request, endpoint, timeout, time, token)
            : SendOnceAsync(request, endpoint, token, token);

    private static async ValueTask<AttemptResult> SendInTimeAsync(
        HttpRequestMessage request, Endpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken token)
    {
        using var perTry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(perTry.Token, token);
        return await SendOnceAsync(request, endpoint, either.Token, token).ConfigureAwait(false);
    }

    // Every call waits here for its upstream: a pooled box for that saves an allocation per call.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<AttemptResult> SendOnceAsync(
        HttpRequestMessage request, Endpoint endpoint, CancellationToken token, CancellationToken callToken)
    {
        try
        {
            var response = await endpoint.SendAsync(request, token).ConfigureAwait(false);
            return new AttemptResult(response, AttemptOutcome.Response, null, cancelled: false);
        }
        catch (OperationCanceledException) when (callToken.IsCancellationRequested)
        {
            return new AttemptResult(null, AttemptOutcome.Reset, null, cancelled: true);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return new AttemptResult(null, AttemptOutcome.PerTryTimeout, null, cancelled: false);
        }
        catch (Exception e) when (e is HttpRequestException { HttpRequestError: not HttpRequestError.ExtendedConnectNotSupported } or IOException or OperationCanceledException
            || ReplayContent.IsBroken(request))
        {
            // A server without RFC 8441 is no failure: ClientWebSocket waits for that very exception to go on in HTTP/1.1.
            // A cancellation that nobody of us asked for is a connect timeout.
            var outcome = e is OperationCanceledException ? AttemptOutcome.ConnectFailure : AttemptFailure.Classify(e);
            return new AttemptResult(null, outcome, e, cancelled: false);
        }
    }
}
