using System.Globalization;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.AttemptHeaders;

/// <summary>
/// What an upstream is told of the attempt: which it is (VirtualHost.include_request_attempt_count) and how long it has
/// (x-envoy-expected-rq-timeout-ms, unless Router.suppress_envoy_headers). Of a caller's own headers of these names nothing is kept.
/// </summary>
internal sealed class AttemptMarks
{
    public const string ExpectedTimeout = "x-envoy-expected-rq-timeout-ms";

    private readonly bool _count;
    private readonly bool _timeout;
    private readonly TimeSpan? _perTry;
    private volatile Known _known = new(0, "");

    private AttemptMarks(bool count, bool timeout, TimeSpan? perTry)
    {
        _count = count;
        _timeout = timeout;
        _perTry = perTry;
    }

    /// <summary>Null: nothing is told.</summary>
    public static AttemptMarks? From(ForwardActionConfig route, HttpConnectionConfig? http)
    {
        var timeout = http is { Filters: { Count: > 0 } filters } && filters[^1] is RouterFilterConfig { SuppressHeaders: false };

        // An attempt that is hedged has the whole call's time (Envoy, FilterUtility::setTimeoutHeaders).
        return route.AttemptCountInRequest || timeout
            ? new AttemptMarks(route.AttemptCountInRequest, timeout, route.HedgeOnPerTryTimeout ? null : route.Retry?.PerTryTimeout)
            : null;
    }

    public void Apply(HttpRequestMessage request, int attempt, Deadline? deadline)
    {
        var headers = request.Headers;
        if (_count)
        {
            headers.Remove(AttemptNumber.Header);
            headers.TryAddWithoutValidation(AttemptNumber.Header, AttemptNumber.Text(attempt));
        }

        if (_timeout && Expected(attempt, deadline) is { } expected)
        {
            headers.Remove(ExpectedTimeout);
            headers.TryAddWithoutValidation(ExpectedTimeout, Text(expected));
        }
    }

    public void Remove(HttpRequestMessage request)
    {
        if (_count)
        {
            request.Headers.Remove(AttemptNumber.Header);
        }

        if (_timeout)
        {
            request.Headers.Remove(ExpectedTimeout);
        }
    }

    private TimeSpan? Expected(int attempt, Deadline? deadline)
    {
        var left = attempt == 1 ? deadline?.Timeout : deadline?.Remaining;
        left = left == TimeSpan.Zero && attempt == 1 ? null : left;
        return _perTry is { } perTry && !(left < perTry) ? perTry : left;
    }

    /// <summary>Most calls have the same time as the one before.</summary>
    private string Text(TimeSpan expected)
    {
        var milliseconds = Math.Max(1, (long)expected.TotalMilliseconds);
        var known = _known;
        if (known.Milliseconds != milliseconds)
        {
            _known = known = new Known(milliseconds, milliseconds.ToString(CultureInfo.InvariantCulture));
        }

        return known.Text;
    }

    private sealed record Known(long Milliseconds, string Text);
}
