using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Policy;

/// <summary>What a port accepts, compiled from its inbound listener once and replaced whole.</summary>
/// <param name="Source">The listener's name, for logs.</param>
/// <param name="Tls">How TLS connections are terminated; null: they are refused.</param>
/// <param name="AcceptsPlaintext">Whether connections that do not begin with a TLS client hello are served.</param>
internal sealed record InboundPolicy(string Source, DownstreamTlsConfig? Tls, bool AcceptsPlaintext)
{
    /// <summary>What the requests of TLS connections pass; null: no chain takes them.</summary>
    public InboundFilterChain? TlsFilters { get; init; }

    /// <summary>What the requests of plaintext connections pass; null: no chain takes them.</summary>
    public InboundFilterChain? PlaintextFilters { get; init; }

    /// <summary>PeerAuthentication's name for it, which is what an operator knows it by.</summary>
    public string Mode => (Tls, AcceptsPlaintext) switch
    {
        (not null, false) => "STRICT",
        (not null, true) => "PERMISSIVE",
        (null, true) => "DISABLE",
        (null, false) => "DENY",
    };

    /// <summary>Istio's default where no PeerAuthentication and no Service says otherwise (Istio, "PeerAuthentication": mode PERMISSIVE).</summary>
    public static InboundPolicy Permissive(string source) =>
        new(source, new DownstreamTlsConfig("default", "default", RequireClientCertificate: true), AcceptsPlaintext: true)
        {
            TlsFilters = InboundFilterChain.Empty,
            PlaintextFilters = InboundFilterChain.Empty,
        };

    /// <summary>Reads the filter chains: a chain for exactly this transport goes before one for any, and that before the default chain.</summary>
    public static InboundPolicy Compile(InboundListenerConfig listener, InboundFilterCompiler filters)
    {
        // A TLS client on a plaintext chain, or the reverse, could only fail later with a worse message: it counts as refused.
        var plaintext = Best(listener, TransportMatch.Plaintext);
        var tls = Best(listener, TransportMatch.Tls);
        return new InboundPolicy(listener.Name, tls?.Tls, plaintext is { Tls: null })
        {
            TlsFilters = tls is null ? null : filters.Compile(listener.Name, tls),
            PlaintextFilters = plaintext is null ? null : filters.Compile(listener.Name, plaintext),
        };
    }

    private static FilterChainConfig? Best(InboundListenerConfig listener, TransportMatch transport)
    {
        FilterChainConfig? any = null;
        foreach (var chain in listener.FilterChains)
        {
            if (chain.Transport == transport)
            {
                return chain;
            }

            if (chain.Transport == TransportMatch.Any)
            {
                any ??= chain;
            }
        }

        return any ?? listener.DefaultFilterChain;
    }
}
