using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using ProxylessMesh.Xds.Resources.Services;
using ProxylessMesh.Xds.Routing;
using FetchRetries = Envoy.Config.Core.V3.Fetching.RetryPolicy;

namespace ProxylessMesh.Xds.Resources.Jwt;

/// <summary>
/// RemoteJwks. With or without async_fetch the keys are fetched when the listener comes, before the first token asks for them, and
/// requests with a token wait for the first fetch: what Envoy does with fast_listener off, but for requests without a token.
/// </summary>
internal static class RemoteKeySetDecoder
{
    private const uint MostRetries = 10;

    // Keys that change by the second would be nobody's; and it bounds what a mistake costs the issuer.
    private static readonly TimeSpan ShortestCache = TimeSpan.FromSeconds(1);

    public static RemoteKeySetConfig? Decode(RemoteJwks remote, DecodeContext context)
    {
        UnknownFields.Refuse(remote, RemoteJwks.Parser, context);
        var cache = DurationReader.Positive(remote.CacheDuration, "cache_duration", context);
        if (cache < ShortestCache)
        {
            context.Error("cache_duration", "must be 1 s or more");
        }

        var refetch = remote.AsyncFetch is null ? null : DurationReader.Positive(remote.AsyncFetch.FailedRefetchDuration, "async_fetch.failed_refetch_duration", context);
        if (remote.HttpUri is not { } uri)
        {
            context.Error("http_uri", "is missing");
            return null;
        }

        var timeout = DurationReader.Positive(uri.Timeout, "http_uri.timeout", context);
        if (timeout is null)
        {
            context.Error("http_uri.timeout", "is missing");
        }

        if (Address(uri.Uri, uri.Cluster, context) is not { } address || timeout is null)
        {
            return null;
        }

        var config = address with { Timeout = timeout.Value };
        config = cache is { } duration ? config with { CacheDuration = duration } : config;
        config = refetch is { } delay ? config with { RefetchDelay = delay } : config;
        return remote.RetryPolicy is null ? config : Retries(config, remote.RetryPolicy, context);
    }

    private static RemoteKeySetConfig? Address(string text, string cluster, DecodeContext context)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !(uri.Scheme is "http" or "https") || uri.UserInfo.Length > 0 || !MessageRules.IsPath(uri.PathAndQuery))
        {
            context.Error("http_uri.uri", $"{DecodeContext.Quote(text)} is no http or https URL");
            return null;
        }

        if (ServiceCluster.Decode(cluster, "http_uri.cluster", context) is not { } at)
        {
            return null;
        }

        // The certificate must be for the host of the URI, so another host behind it could only be refused later.
        if (uri.Scheme == "https" && (!uri.IdnHost.Equals(at.Host, StringComparison.OrdinalIgnoreCase) || uri.Port != at.Port))
        {
            context.Error("http_uri.cluster", $"{DecodeContext.Quote(cluster)} leads elsewhere than the https URL");
            return null;
        }

        return new RemoteKeySetConfig(at.Host, at.Port, uri.PathAndQuery) { Timeout = default, IsSecure = uri.Scheme == "https" };
    }

    private static RemoteKeySetConfig Retries(RemoteKeySetConfig config, FetchRetries retries, DecodeContext context)
    {
        using (context.Enter("retry_policy"))
        {
            UnknownFields.Refuse(retries, FetchRetries.Parser, context);
            context.Refuse(retries.RetryOn.Length > 0, "retry_on");
            context.Refuse(retries.HostSelectionRetryMaxAttempts != 0, "host_selection_retry_max_attempts");
            var count = retries.NumRetries ?? 1;
            if (count > MostRetries)
            {
                context.Error("num_retries", $"is more than {MostRetries}");
            }

            var first = DurationReader.Positive(retries.RetryBackOff?.BaseInterval, "retry_back_off.base_interval", context) ?? config.BackOff;
            var most = DurationReader.Positive(retries.RetryBackOff?.MaxInterval, "retry_back_off.max_interval", context) ?? first * 10;
            if (most < first)
            {
                context.Error("retry_back_off.max_interval", "is shorter than base_interval");
            }

            return config with { Retries = (int)Math.Min(count, MostRetries), BackOff = first, MaxBackOff = most };
        }
    }
}
