using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>
/// What a .NET developer would put there instead: the five strategies of the standard resilience pipeline (limit of calls, timeout of
/// the call, retry, circuit breaker, timeout of the attempt), with state passed so that no closure is made.
/// </summary>
internal sealed class PollyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddStrategy(static _ => new ConcurrencyLimit(1024), new ConcurrencyLimit.Options())
        .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(30) })
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage> { ShouldHandle = static a => ValueTask.FromResult(a.Outcome.Exception is HttpRequestException) })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage> { ShouldHandle = static a => ValueTask.FromResult(a.Outcome.Exception is not null || (int)a.Outcome.Result!.StatusCode >= 500) })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(10) })
        .Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (c, state) => await state.Item1.SendInnerAsync(state.request, c.CancellationToken).ConfigureAwait(false),
                context,
                (this, request)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, CancellationToken token) => base.SendAsync(request, token);
}
