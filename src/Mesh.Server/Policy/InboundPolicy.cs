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

    /// <summary>In place of <see cref="Tls"/> and <see cref="TlsFilters"/>, where the certificate is not the mesh's own: a gateway's servers.</summary>
    public ServerNameTable? ByServerName { get; init; }

    /// <summary>Whether connections that begin with a TLS client hello can be served.</summary>
    public bool AcceptsTls => Tls is not null || ByServerName is not null;

    /// <summary>How a TLS connection is terminated; null: it is refused.</summary>
    /// <param name="serverName">That its client asks for; may be empty.</param>
    public DownstreamTlsConfig? TlsFor(string serverName) => ByServerName is null ? Tls : ByServerName.Find(serverName)?.Tls;

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
        _ when ByServerName is not null => AcceptsPlaintext ? "GATEWAY with HTTP" : "GATEWAY",
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
        if (Served(listener, filters) is { } served)
        {
            var beside = listener.FilterChains.FirstOrDefault(c => c is { Tls: null, Http: not null } && c.Transport != TransportMatch.Tls);
            return new InboundPolicy(listener.Name, null, beside is not null)
            {
                ByServerName = served,
                PlaintextFilters = beside?.Http is { } http ? filters.Compile(listener.Name, beside.Name, http) : null,
            };
        }

        // A TLS client on a plaintext chain, or the reverse, could only fail later with a worse message: it counts as refused.
        var plaintext = Best(listener, TransportMatch.Plaintext);
        var tls = Best(listener, TransportMatch.Tls);
        return new InboundPolicy(listener.Name, tls?.Tls, plaintext is { Tls: null })
        {
            TlsFilters = tls?.Http is { } secured ? filters.Compile(listener.Name, tls.Name, secured) : null,
            PlaintextFilters = plaintext?.Http is { } plain ? filters.Compile(listener.Name, plaintext.Name, plain) : null,
            TlsRules = tls?.Tcp is { } tcp ? new TcpRules(tcp) : null,
            PlaintextRules = plaintext?.Tcp is { } open ? new TcpRules(open) : null,
            DetectionTimeout = listener.DetectionTimeout,
        };
    }

    /// <summary>Null: the port's TLS is the mesh's own.</summary>
    private static ServerNameTable? Served(InboundListenerConfig listener, InboundFilterCompiler filters)
    {
        var chains = new List<ServerNameChain>();
        foreach (var chain in listener.FilterChains)
        {
            if (chain is { Tls: { Served: not null } tls, Http: { } http })
            {
                chains.Add(new ServerNameChain(chain.ServerNames, tls, filters.Compile(listener.Name, chain.Name, http)));
            }
        }

        return chains.Count == 0 ? null : new ServerNameTable(chains.ToEquatableArray());
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
