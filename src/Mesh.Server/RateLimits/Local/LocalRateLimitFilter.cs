using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.HeaderChanges;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.RateLimits.Descriptors;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Server.RateLimits.Local;

/// <summary>Envoy's local_ratelimit, compiled.</summary>
internal sealed class LocalRateLimitFilter : IInboundFilter
{
    private const int Million = 1_000_000;

    private readonly LocalRateLimitConfig _config;
    private readonly DescriptorRule[] _rules;
    private readonly LocalBuckets _shared;
    private readonly ConditionalWeakTable<InboundConnection, LocalBuckets>? _byConnection;
    private readonly ConditionalWeakTable<InboundConnection, LocalBuckets>.CreateValueCallback _newBuckets;
    private readonly NanosecondClock _clock;
    private readonly IRandomSource _random;
    private readonly InboundReply _refusal;

    public LocalRateLimitFilter(LocalBuckets buckets, NanosecondClock clock, IRandomSource random)
    {
        _config = buckets.Config;
        _rules = [.. _config.Rules.Select(r => new DescriptorRule(r))];
        _shared = buckets;
        _byConnection = _config.PerConnection ? [] : null;
        _newBuckets = _ => new LocalBuckets(buckets.Config, last: null, clock.Now);
        _clock = clock;
        _random = random;

        // Envoy's words and RESPONSE_CODE_DETAILS.
        _refusal = new InboundReply(_config.Status, RefusalStatus.OfGrpc(_config.Status, _config.AsResourceExhausted), "local_rate_limited")
        {
            Flags = ResponseFlags.RateLimited,
            Details = "local_rate_limited",
        };
    }

    public ValueTask<InboundReply?> ApplyAsync(InboundRequest request)
    {
        if (!Happens(_config.EnabledPerMillion))
        {
            return default;
        }

        var now = _clock.Now;
        var isOver = IsOver(request, now, out var tightest);
        if (_config.TellsLimits && tightest is not null)
        {
            RateLimitHeaders.Set(request.HttpContext.Response.Headers, tightest.Limit, tightest.Remaining(now), tightest.SecondsToNext(now));
        }

        if (!isOver)
        {
            return default;
        }

        if (!Happens(_config.EnforcedPerMillion))
        {
            HeaderEdits.Apply(request.HttpContext.Request.Headers, _config.NotEnforcedHeaders);
            return default;
        }

        HeaderEdits.Apply(request.HttpContext.Response.Headers, _config.ResponseHeaders);
        return new ValueTask<InboundReply?>(_refusal);
    }

    /// <summary>Takes a token from each bucket that the request falls under, until one is empty.</summary>
    /// <param name="request">To be described.</param>
    /// <param name="now">By the clock.</param>
    /// <param name="tightest">The empty bucket, else that with the fewest tokens.</param>
    private bool IsOver(InboundRequest request, long now, out TokenBucket? tightest)
    {
        tightest = null;
        var isDescribed = false;
        var buckets = BucketsOf(request);
        foreach (var rule in _rules)
        {
            var descriptor = DescriptorBuffer.Empty();
            if (!rule.TryDescribe(request, descriptor) || Find(buckets, descriptor) is not { } limit)
            {
                continue;
            }

            isDescribed = true;
            var bucket = limit.BucketOf(descriptor, now);
            if (!bucket.TryTake(now, rule.Hits) && !limit.Config.ShadowMode)
            {
                tightest = bucket;
                return true;
            }

            tightest = Tighter(tightest, bucket, now);
        }

        if (buckets.Default is not { } all || (isDescribed && !_config.AlwaysDefault))
        {
            return false;
        }

        var passes = all.TryTake(now, 1);
        tightest = passes ? Tighter(tightest, all, now) : all;
        return !passes;
    }

    private static LocalDescriptor? Find(LocalBuckets buckets, DescriptorBuffer descriptor)
    {
        foreach (var limit in buckets.Descriptors)
        {
            if (limit.Matches(descriptor))
            {
                return limit;
            }
        }

        return null;
    }

    private TokenBucket Tighter(TokenBucket? one, TokenBucket other, long now) =>
        one is null || (_config.TellsLimits && other.Remaining(now) < one.Remaining(now)) ? other : one;

    private LocalBuckets BucketsOf(InboundRequest request) => _byConnection is null
        ? _shared
        : _byConnection.GetValue(request.Connection, _newBuckets);

    private bool Happens(int perMillion) => perMillion >= Million || (perMillion > 0 && _random.Next(Million) < perMillion);
}
