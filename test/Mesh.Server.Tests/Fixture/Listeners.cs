using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>Inbound listeners in the shapes of the mesh profile.</summary>
internal static class Listeners
{
    private static readonly DownstreamTlsConfig Tls = new("default", "default", RequireClientCertificate: true);
    private static readonly HttpConnectionConfig Http = new(null, null, []);

    public static FilterChainConfig Mtls { get; } = new("inbound-mtls", TransportMatch.Tls, Tls, Http);

    public static FilterChainConfig Plaintext { get; } = new("inbound-plaintext", TransportMatch.Plaintext, null, Http);

    public static FilterChainConfig AnyMtls { get; } = new("inbound-mtls", TransportMatch.Any, Tls, Http);

    public static FilterChainConfig AnyPlaintext { get; } = new("inbound-plaintext", TransportMatch.Any, null, Http);

    public static InboundListenerConfig Strict(string name) => Of(name, [Mtls]);

    public static InboundListenerConfig Permissive(string name) => Of(name, [Mtls, Plaintext]);

    public static InboundListenerConfig Disable(string name) => Of(name, [AnyPlaintext]);

    public static InboundListenerConfig? None(string name) => null;

    /// <summary>PERMISSIVE, with these HTTP filters on both chains.</summary>
    public static InboundListenerConfig Filtered(string name, params HttpFilterConfig[] filters)
    {
        var http = Http with { Filters = [.. filters, new RouterFilterConfig("envoy.filters.http.router")] };
        return Of(name, [Mtls with { Http = http }, Plaintext with { Http = http }]);
    }

    /// <summary>The same with inline routes.</summary>
    public static InboundListenerConfig Routed(string name, RouteConfig routes, params HttpFilterConfig[] filters)
    {
        var http = Http with { InlineRoutes = routes, Filters = [.. filters, new RouterFilterConfig("envoy.filters.http.router")] };
        return Of(name, [Mtls with { Http = http }, Plaintext with { Http = http }]);
    }

    /// <summary>The same chains as those of a mode, of a port of TCP with these rules.</summary>
    public static InboundListenerConfig Tcp(InboundListenerConfig mode, params RbacRulesConfig[] rules)
    {
        var tcp = new TcpProxyConfig("inbound|9000||", [.. rules.Select(r => new NetworkRbacConfig("rbac", r, null))]);
        return Tcp(mode, tcp);
    }

    public static InboundListenerConfig Tcp(InboundListenerConfig mode, TcpProxyConfig tcp) => mode with
    {
        FilterChains = [.. mode.FilterChains.Select(c => c with { Http = null, Tcp = tcp })],
        DetectionTimeout = TimeSpan.FromSeconds(5),
    };

    public static InboundListenerConfig Of(string name, FilterChainConfig[] chains, FilterChainConfig? defaultChain = null) =>
        new(name, "0.0.0.0", 9080, [.. chains], defaultChain);
}
