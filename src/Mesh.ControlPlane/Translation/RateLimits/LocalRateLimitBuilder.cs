using System.Globalization;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using Entry = Envoy.Extensions.Common.Ratelimit.V3.RateLimitDescriptor.Types.Entry;

namespace ProxylessMesh.ControlPlane.Translation.RateLimits;

/// <summary>RateLimitPolicy.local: a descriptor with a bucket for each limit, and no bucket for the rest.</summary>
internal static class LocalRateLimitBuilder
{
    private const string Name = "envoy.filters.http.local_ratelimit";
    private const string LimitKey = "limit";
    private const string NoHeader = "none";

    // What one limit remembers of its callers; beyond it they share a bucket.
    private const uint MaxCallers = 10_000;

    public static HttpFilter Build(RateLimitPolicy policy)
    {
        var filter = new LocalRateLimit
        {
            StatPrefix = "http_local_rate_limiter",
            FilterEnabled = Shares.All(),
            FilterEnforced = Shares.All(),
            AlwaysConsumeDefaultTokenBucket = false,
            MaxDynamicDescriptors = MaxCallers,
            RateLimitedAsResourceExhausted = policy.AsResourceExhausted,
            EnableXRatelimitHeaders = policy.TellsLimits ? XRateLimitHeadersRFCVersion.DraftVersion03 : XRateLimitHeadersRFCVersion.Off,
        };
        for (var i = 0; i < policy.Local.Count; i++)
        {
            var limit = policy.Local[i];
            var name = i.ToString(CultureInfo.InvariantCulture);
            filter.RateLimits.AddRange(Rules(limit, name));
            filter.Descriptors.Add(Descriptor(limit, name, policy.DryRun));
        }

        return new HttpFilter { Name = $"{Name}.{policy.Meta.Id.Namespace}.{policy.Meta.Id.Name}", TypedConfig = Any.Pack(filter) };
    }

    /// <summary>Who leaves a header away to have no limit shares one with all who do.</summary>
    private static IEnumerable<RateLimit> Rules(LocalLimit limit, string name)
    {
        var own = new RateLimit { Actions = { LimitActions.Matching(limit.Match, LimitKey, name) } };
        own.Actions.AddRange(limit.By.Select(LimitActions.From));
        yield return own;
        if (limit.By.FirstOrDefault(k => k.Kind == LimitKeyKind.Header) is not { } header)
        {
            yield break;
        }

        var absent = new HeaderMatcher { Name = header.Value, PresentMatch = true, InvertMatch = true };
        var others = new RateLimit { Actions = { LimitActions.Matching(limit.Match, LimitKey, name, absent) } };
        others.Actions.AddRange(limit.By.Select(k => k == header ? LimitActions.Fixed(k.Key, NoHeader) : LimitActions.From(k)));
        yield return others;
    }

    private static LocalRateLimitDescriptor Descriptor(LocalLimit limit, string name, bool isDryRun)
    {
        var descriptor = new LocalRateLimitDescriptor
        {
            Entries = { new Entry { Key = LimitKey, Value = name } },
            TokenBucket = new TokenBucket { MaxTokens = (uint)limit.Burst, TokensPerFill = (uint)limit.Tokens, FillInterval = Duration.FromTimeSpan(limit.Per) },
            ShadowMode = isDryRun,
        };
        descriptor.Entries.AddRange(limit.By.Select(k => new Entry { Key = k.Key }));
        return descriptor;
    }
}
