using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Retries;

namespace ProxylessMesh.Client.Calls;

/// <summary>Sends a request to one endpoint once, and turns whatever happens into a value.</summary>
internal static class Attempt
{
    public static async ValueTask<AttemptResult> SendAsync(
        HttpRequestMessage request, Endpoint endpoint, TimeSpan? perTryTimeout, TimeProvider time, CancellationToken token)
    {
        if (perTryTimeout is { } timeout)
        {
            using var perTry = new CancellationTokenSource(timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(perTry.Token, token);
            return await SendOnceAsync(request, endpoint, either.Token, token).ConfigureAwait(false);
        }

        return await SendOnceAsync(request, endpoint, token, token).ConfigureAwait(false);
    }

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
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // A cancellation that nobody of us asked for is a connect timeout.
            var outcome = e is OperationCanceledException ? AttemptOutcome.ConnectFailure : AttemptFailure.Classify(e);
            return new AttemptResult(null, outcome, e, cancelled: false);
        }
    }
}
