using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Outcomes;
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

    /// <summary>For a caller that awaits the task itself, and then asks for its result.</summary>
    public static Task<HttpResponseMessage> Begin(HttpRequestMessage request, Endpoint endpoint, CancellationToken token)
    {
        try
        {
            return endpoint.SendAsync(request, token);
        }
        catch (Exception e)
        {
            return Task.FromException<HttpResponseMessage>(e);
        }
    }

    /// <param name="request">Whose body may have failed.</param>
    /// <param name="sent">Over.</param>
    /// <param name="token">The attempt's.</param>
    /// <param name="callToken">The call's.</param>
    public static AttemptResult ResultOf(HttpRequestMessage request, Task<HttpResponseMessage> sent, CancellationToken token, CancellationToken callToken)
    {
        try
        {
            return new AttemptResult(sent.GetAwaiter().GetResult(), AttemptOutcome.Response, null, cancelled: false);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<AttemptResult> SendInTimeAsync(
        HttpRequestMessage request, Endpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken token)
    {
        using var perTry = Deadline.Start(timeout, TimeSpan.Zero, TimeSpan.Zero, time, token);
        return await SendOnceAsync(request, endpoint, perTry.Token, token).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<AttemptResult> SendOnceAsync(
        HttpRequestMessage request, Endpoint endpoint, CancellationToken token, CancellationToken callToken)
    {
        var sent = Begin(request, endpoint, token);
        await ((Task)sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ResultOf(request, sent, token, callToken);
    }
}
