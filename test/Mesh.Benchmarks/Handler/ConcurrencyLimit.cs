using System.Threading.RateLimiting;
using Polly;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>The limiter of the standard pipeline, which is in a package of its own: a permit of System.Threading.RateLimiting around the rest.</summary>
internal sealed class ConcurrencyLimit(int permits) : ResilienceStrategy<HttpResponseMessage>
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = 0 });

    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
    {
        using var lease = await _limiter.AcquireAsync(1, context.CancellationToken).ConfigureAwait(false);
        return lease.IsAcquired
            ? await callback(context, state).ConfigureAwait(false)
            : Outcome.FromException<HttpResponseMessage>(new InvalidOperationException("too many calls"));
    }

    internal sealed class Options : ResilienceStrategyOptions;
}
