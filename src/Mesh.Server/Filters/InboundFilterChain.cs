using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Normalization;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Filters;

/// <summary>The compiled HTTP filters of a filter chain, in the order in which they run. Two of equal configuration are equal.</summary>
internal sealed class InboundFilterChain(HttpConnectionConfig config, IInboundFilter[] filters) : IEquatable<InboundFilterChain>
{
    /// <summary>Lets everything through.</summary>
    public static InboundFilterChain Empty { get; } = new(new HttpConnectionConfig(null, null, []), []);

    private readonly HttpConnectionConfig _config = config;
    private readonly RequestNormalizer _normalizer = new(config.PathNormalization, config.HostPort, config.StripHostDot);

    /// <summary>Routes that its requests take, of a gateway; null: the app serves them.</summary>
    public string? RouteConfigName => _config.RouteConfigName;

    /// <summary>Whether requests pass as they are.</summary>
    public bool IsEmpty { get; } = filters.Length == 0 && config.PathNormalization == default && config.HostPort == default && !config.StripHostDot;

    /// <summary>Whether any filter looks at requests.</summary>
    public bool HasFilters { get; } = filters.Length > 0;

    /// <summary>What the filters and the app are to see of a request; null with a reply when it must be refused.</summary>
    public InboundRequest? Describe(HttpContext context, InboundConnection connection, out InboundReply? refused)
    {
        refused = _normalizer.Apply(context, out var path);
        return refused is null ? new InboundRequest(context, connection, path) : null;
    }

    /// <summary>Null: every filter lets the request through.</summary>
    public ValueTask<InboundReply?> RunAsync(InboundRequest request)
    {
        for (var i = 0; i < filters.Length; i++)
        {
            var applied = filters[i].ApplyAsync(request);
            if (!applied.IsCompletedSuccessfully)
            {
                return GoOnAsync(applied, i + 1, request);
            }

            if (applied.Result is { } reply)
            {
                return new ValueTask<InboundReply?>(reply);
            }
        }

        return default;
    }

    /// <summary>Whether a request that was let through when it began may go on under this chain.</summary>
    public bool StillAllows(InboundRequest request)
    {
        foreach (var filter in filters)
        {
            if (filter is IStandingFilter standing && !standing.StillAllows(request))
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(InboundFilterChain? other) => other is not null && _config == other._config;

    public override bool Equals(object? obj) => Equals(obj as InboundFilterChain);

    public override int GetHashCode() => _config.GetHashCode();

    private async ValueTask<InboundReply?> GoOnAsync(ValueTask<InboundReply?> pending, int next, InboundRequest request)
    {
        var reply = await pending.ConfigureAwait(false);
        while (reply is null && next < filters.Length)
        {
            reply = await filters[next++].ApplyAsync(request).ConfigureAwait(false);
        }

        return reply;
    }
}
