using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Tcp;
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

    /// <summary>Who may open TLS connections that carry no requests; null: they carry some, or no chain takes them.</summary>
    public TcpRules? TlsRules { get; init; }

    /// <summary>Who may open plaintext connections that carry no requests; null: they carry some, or no chain takes them.</summary>
    public TcpRules? PlaintextRules { get; init; }

    /// <summary>How long a client may be silent before it is taken for a plaintext one; null: its connection is closed instead.</summary>
    public TimeSpan? DetectionTimeout { get; init; }

    /// <summary>Whether what plaintext connections carry concerns the app alone.</summary>
    public bool IsOpaque => (TlsRules ?? PlaintextRules) is not null;

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
            TlsFilters = tls?.Http is { } http ? filters.Compile(listener.Name, tls.Name, http) : null,
            PlaintextFilters = plaintext?.Http is { } plain ? filters.Compile(listener.Name, plaintext.Name, plain) : null,
            TlsRules = tls?.Tcp is { } tcp ? new TcpRules(tcp) : null,
            PlaintextRules = plaintext?.Tcp is { } open ? new TcpRules(open) : null,
            DetectionTimeout = listener.DetectionTimeout,
        };
    }

    /// <summary>Null: the connection carries requests. One that is more secure than it must be is judged as those that need not be.</summary>
    public TcpRules? RulesOf(InboundConnection connection) =>
        connection.IsSecured && (TlsRules is not null || TlsFilters is not null) ? TlsRules : PlaintextRules;

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
