using Envoy.Config.Listener.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Endpoints;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>The inbound socket form of a Listener (gRFC A36).</summary>
internal static class InboundListenerDecoder
{
    /// <summary>Looks whether a connection begins with a TLS client hello; we do that whether it is listed or not.</summary>
    private const string TlsInspector = "envoy.filters.listener.tls_inspector";

    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(15);

    public static InboundListenerConfig? Decode(Listener listener, DecodeContext context)
    {
        RefuseUnsupported(listener, context);
        var address = AddressDecoder.Decode(listener.Address, allowName: false, context);
        if (listener.FilterChains.Count == 0 && listener.DefaultFilterChain is null)
        {
            context.Error("filter_chains", "must not be empty without a default_filter_chain");
        }

        var chains = FilterChains(listener, context);
        FilterChainConfig? defaultChain = null;
        if (listener.DefaultFilterChain is not null)
        {
            using (context.Enter("default_filter_chain"))
            {
                // listener.proto: a match of the default chain is ignored, because it is used when nothing matches.
                defaultChain = FilterChainDecoder.Decode(listener.DefaultFilterChain, TransportMatch.Any, context);
            }
        }

        return address is { } bound
            ? new InboundListenerConfig(listener.Name, bound.Host, bound.Port, chains, defaultChain) { DetectionTimeout = DetectionTimeout(listener, context) }
            : null;
    }

    /// <summary>listener.proto: 15 s where it is not given, and 0 is without end. Without continue_on_listener_filters_timeout it ends the connection, as ours does.</summary>
    private static TimeSpan? DetectionTimeout(Listener listener, DecodeContext context)
    {
        var timeout = DurationReader.NotNegative(listener.ListenerFiltersTimeout, "listener_filters_timeout", context);
        return !listener.ContinueOnListenerFiltersTimeout || timeout == TimeSpan.Zero ? null : timeout ?? s_defaultTimeout;
    }

    private static EquatableArray<FilterChainConfig> FilterChains(Listener listener, DecodeContext context)
    {
        var chains = new List<FilterChainConfig>(listener.FilterChains.Count);
        var firstWith = new Dictionary<(TransportMatch Transport, string ServerName), int>();
        for (var i = 0; i < listener.FilterChains.Count; i++)
        {
            using (context.Enter("filter_chains", i))
            {
                var chain = listener.FilterChains[i];
                if (FilterChainMatchDecoder.Decode(chain.FilterChainMatch, context) is not { } match)
                {
                    continue;
                }

                var names = ServerNamesDecoder.Decode(chain.FilterChainMatch, context);
                foreach (var name in names.DefaultIfEmpty(""))
                {
                    if (!firstWith.TryAdd((match, name), i))
                    {
                        context.Error("filter_chain_match", $"is the same as that of filter_chains[{firstWith[(match, name)]}]");
                    }
                }

                if (FilterChainDecoder.Decode(chain, match, context) is { } decoded)
                {
                    // A workload has one certificate, and peers are known by their ids.
                    if (names.Count > 0 && decoded.Tls?.Served is null)
                    {
                        context.Error("filter_chain_match.server_names", "is not supported with the workload's own certificate");
                    }

                    if (decoded is { Tls.Served: not null, Http: null })
                    {
                        context.Error("filters", "must end in an HttpConnectionManager: TLS of a gateway carries requests");
                    }

                    chains.Add(decoded with { ServerNames = names });
                }
            }
        }

        return chains.ToEquatableArray();
    }

    private static void RefuseUnsupported(Listener listener, DecodeContext context)
    {
        context.Refuse(listener.UseOriginalDst == true, "use_original_dst");
        context.Refuse(listener.Transparent == true, "transparent");
        context.Refuse(listener.BindToPort == false, "bind_to_port");
        for (var i = 0; i < listener.ListenerFilters.Count; i++)
        {
            if (listener.ListenerFilters[i].Name != TlsInspector)
            {
                using (context.Enter("listener_filters", i))
                {
                    context.Error("name", $"{DecodeContext.Quote(listener.ListenerFilters[i].Name)} is not supported");
                }
            }
        }
    }
}
