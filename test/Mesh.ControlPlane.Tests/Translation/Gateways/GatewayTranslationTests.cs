using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Gateways;

public class GatewayTranslationTests
{
    private const string Inbound = "xds.istio.io/grpc/lds/inbound/0.0.0.0:";

    private const string Edge = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: edge}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}
          - {port: {number: 443, name: a, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: a-cert} }
          - port: {number: 443, name: b, protocol: HTTPS}
            hosts: ["*.b.example.com"]
            tls: {mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /r, subjectAltNames: [client]}
        """;

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: shop}
        spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
        """;

    private static readonly ProxyView s_gateway = Mesh.Client(labels: "istio=ingressgateway") with { IsGateway = true };

    [Fact]
    public void Each_server_of_HTTPS_has_a_chain_of_its_own_and_all_of_HTTP_have_one()
    {
        var model = Model(Edge);

        var plain = Translate.Listener(model, s_gateway, $"{Inbound}80")!;
        var secured = Translate.Listener(model, s_gateway, $"{Inbound}443")!;

        var http = Assert.Single(plain.FilterChains);
        Assert.Equal(("raw_buffer", "http.80"), (http.FilterChainMatch.TransportProtocol, RoutesOf(http)));
        Assert.Equal(["https.443.a.edge.default", "https.443.b.edge.default"], secured.FilterChains.Select(RoutesOf));
        Assert.Equal(["a.example.com", "*.b.example.com"], secured.FilterChains.SelectMany(c => c.FilterChainMatch.ServerNames));
        var (a, b) = (TlsOf(secured.FilterChains[0]), TlsOf(secured.FilterChains[1]));
        Assert.Equal("kubernetes://a-cert", a.CommonTlsContext.TlsCertificateSdsSecretConfigs[0].Name);
        Assert.NotEqual(true, a.RequireClientCertificate);
        Assert.Equal("file-cert:/c~/k", b.CommonTlsContext.TlsCertificateSdsSecretConfigs[0].Name);
        Assert.Equal("file-root:/r", b.CommonTlsContext.CombinedValidationContext.ValidationContextSdsSecretConfig.Name);
        Assert.True(b.RequireClientCertificate);
    }

    [Fact]
    public void Only_gateways_that_the_selector_means_listen()
    {
        var model = Model(Edge);

        Assert.Equal("http.80", RoutesOf(Assert.Single(Translate.Listener(model, Mesh.Client(labels: "istio=egressgateway") with { IsGateway = true }, $"{Inbound}443")!.FilterChains)).Replace("443", "80", StringComparison.Ordinal));
        Assert.Equal("inbound-mtls", Translate.Listener(model, Mesh.Client(labels: "istio=ingressgateway"), $"{Inbound}443")!.FilterChains[0].Name);
        Assert.Null(Translate.Routes(model, Mesh.Client(labels: "istio=ingressgateway"), "http.80"));
        Assert.Null(Translate.Listener(model, Mesh.Client(labels: "istio=ingressgateway"), "http.80"));
    }

    [Fact]
    public void A_port_of_which_no_Gateway_speaks_has_no_routes()
    {
        var model = Model(Edge);

        Assert.Equal("http.9999", RoutesOf(Assert.Single(Translate.Listener(model, s_gateway, $"{Inbound}9999")!.FilterChains)));
        Assert.Empty(Translate.Routes(model, s_gateway, "http.9999")!.VirtualHosts);
        Assert.Null(Translate.Routes(model, s_gateway, "https.443.c.edge.default"));
    }

    [Fact]
    public void A_server_s_port_is_the_Service_s_and_the_process_listens_on_its_target()
    {
        var model = Model(Edge, """
            apiVersion: v1
            kind: Service
            metadata: {name: ingress}
            spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: tls}]}
            """);
        var registered = Mesh.Of([.. model.Objects.All.SelectMany(k => model.Objects.Of(k)), Mesh.Workload("gateway", "istio=ingressgateway", "10.0.0.1", "tls=8443")]);

        Assert.Equal("http.8080", RoutesOf(Assert.Single(Translate.Listener(model, s_gateway, $"{Inbound}8080")!.FilterChains)));
        Assert.Equal("http.80", RoutesOf(Assert.Single(Translate.Listener(model, s_gateway, $"{Inbound}80")!.FilterChains)));
        Assert.Equal(2, Translate.Listener(registered, s_gateway, $"{Inbound}8443")!.FilterChains.Count);
    }

    [Fact]
    public void Routes_of_several_VirtualServices_stand_one_after_another_and_catch_alls_last()
    {
        var model = Model(Edge, Service, Bound("zebra", "a.example.com", "{match: [{uri: {prefix: /z}}], ROUTE}"), Bound("apple", "a.example.com", "{match: [{uri: {prefix: /a}}], ROUTE}, {ROUTE}"));

        var host = Assert.Single(Translate.Routes(model, s_gateway, "http.80")!.VirtualHosts);

        Assert.Equal(["a.example.com"], host.Domains);
        Assert.Equal(["/a", "/z", "/"], host.Routes.Select(r => r.Match.Prefix));
        Assert.All(host.Routes, r => Assert.Equal("outbound|80||shop.default.svc.cluster.local", r.Route_.Cluster));
    }

    [Fact]
    public void A_host_is_routed_where_server_and_VirtualService_agree()
    {
        var model = Model(
            Edge,
            Service,
            Bound("wide", "\"*\"", "{match: [{gateways: [mesh]}], ROUTE}, {match: [{gateways: [edge], uri: {prefix: /e}}], ROUTE}"),
            Bound("stranger", "example.org", "{ROUTE}"),
            Bound("elsewhere", "c.example.com", "{ROUTE}").Replace("gateways: [edge]", "gateways: [other/edge]", StringComparison.Ordinal),
            Bound("hidden", "d.example.com", "{ROUTE}").Replace("name: hidden", "name: hidden, namespace: other", StringComparison.Ordinal).Replace("gateways: [edge]", "gateways: [default/edge], exportTo: [\".\"]", StringComparison.Ordinal));

        var routes = Translate.Routes(model, s_gateway, "http.80")!;

        Assert.True(routes.IgnorePortInHostMatching);
        Assert.Equal(["*.example.com"], routes.VirtualHosts.SelectMany(h => h.Domains));
        Assert.Equal(["/e"], routes.VirtualHosts[0].Routes.Select(r => r.Match.Prefix));
        Assert.Equal(["a.example.com"], Translate.Routes(model, s_gateway, "https.443.a.edge.default")!.VirtualHosts.SelectMany(h => h.Domains));
        Assert.Equal(["*.b.example.com"], Translate.Routes(model, s_gateway, "https.443.b.edge.default")!.VirtualHosts.SelectMany(h => h.Domains));
    }

    [Fact]
    public void Delegates_belong_to_the_gateways_of_their_roots()
    {
        var model = Model(
            Edge,
            Service,
            Bound("shop", "a.example.com", "{match: [{uri: {prefix: /cart}}], delegate: {name: cart}}, {ROUTE}"),
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: cart}\nspec: {http: [{timeout: 3s, route: [{destination: {host: shop} }]}]}");

        var host = Assert.Single(Translate.Routes(model, s_gateway, "http.80")!.VirtualHosts);

        Assert.Equal([("/cart", 3), ("/", 0)], host.Routes.Select(r => (r.Match.Prefix, r.Route_.Timeout.Seconds)));
    }

    [Fact]
    public void A_server_may_redirect_everything_to_https()
    {
        var model = Model(
            Edge.Replace("hosts: [\"*.example.com\"]}", "hosts: [\"*.example.com\"], tls: {httpsRedirect: true} }", StringComparison.Ordinal), Service, Bound("shop", "a.example.com", "{ROUTE}"));

        var routes = Translate.Routes(model, s_gateway, "http.80")!;

        Assert.Equal(["*.example.com", "a.example.com"], routes.VirtualHosts.SelectMany(h => h.Domains));
        Assert.All(routes.VirtualHosts, h => Assert.True(Assert.Single(h.Routes).Redirect.HttpsRedirect));
    }

    [Fact]
    public void A_server_that_redirects_leaves_the_hosts_of_others_alone()
    {
        var model = Model(
            Edge.Replace("hosts: [\"*.example.com\"]}", "hosts: [\"*.example.com\"], tls: {httpsRedirect: true} }", StringComparison.Ordinal),
            "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: open}\nspec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [b.example.com]}]}",
            Service,
            Bound("shop", "b.example.com", "{ROUTE}").Replace("gateways: [edge]", "gateways: [open]", StringComparison.Ordinal));

        var routes = Translate.Routes(model, s_gateway, "http.80")!;

        Assert.Equal([("*.example.com", true), ("b.example.com", false)], routes.VirtualHosts.Select(h => (h.Domains[0], h.Routes[0].Redirect is not null)));
    }

    [Fact]
    public void Of_two_servers_with_one_name_the_older_Gateway_s_is_used()
    {
        var model = Model(Edge, Edge.Replace("name: edge", "name: later", StringComparison.Ordinal));

        Assert.Equal(["https.443.a.edge.default", "https.443.b.edge.default"], Translate.Listener(model, s_gateway, $"{Inbound}443")!.FilterChains.Select(RoutesOf));
    }

    [Fact]
    public void Policies_select_a_gateway_by_its_labels()
    {
        var model = Model(Edge, """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: deny}
            spec: {selector: {matchLabels: {istio: ingressgateway}}, action: DENY, rules: [{to: [{operation: {paths: [/admin*]}}]}]}
            """);

        var manager = ManagerOf(Translate.Listener(model, s_gateway, $"{Inbound}80")!.FilterChains[0]);

        Assert.Equal(2, manager.HttpFilters.Count);
        Assert.True(manager.NormalizePath);
    }

    [Fact]
    public void Our_client_accepts_what_a_gateway_is_sent()
    {
        var model = Model(Edge, Service, Bound("shop", "a.example.com", "{ROUTE}"));
        string[] names = [$"{Inbound}80", $"{Inbound}443", "http.80", "https.443.a.edge.default"];

        foreach (var name in names)
        {
            var bytes = ResourceTranslator.Translate(model, s_gateway, TypeUrl.Listener, name)!.Bytes;
            Assert.Empty(ResourceKinds.Listener.Decode(ByteString.CopyFrom(bytes.Span)).Errors);
        }

        Assert.Empty(ResourceKinds.Route.Decode(ByteString.CopyFrom(ResourceTranslator.Translate(model, s_gateway, TypeUrl.Route, "http.80")!.Bytes.Span)).Errors);
    }

    private static string Bound(string name, string hosts, string routes) => $$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: {{name}}}
        spec: {hosts: [{{hosts}}], gateways: [edge], http: [{{routes.Replace("ROUTE", "route: [{destination: {host: shop.default.svc.cluster.local} }]", StringComparison.Ordinal)}}]}
        """;

    private static MeshModel Model(params string[] yaml) =>
        Mesh.Of([.. Reading.File(string.Join("\n---\n", yaml)).Objects.Select(o => o.Object ?? throw new InvalidOperationException(string.Join('\n', o.Problems)))]);

    private static HttpConnectionManager ManagerOf(FilterChain chain) => chain.Filters[0].TypedConfig.Unpack<HttpConnectionManager>();

    private static string RoutesOf(FilterChain chain) => ManagerOf(chain).Rds.RouteConfigName;

    private static DownstreamTlsContext TlsOf(FilterChain chain) => chain.TransportSocket.TypedConfig.Unpack<DownstreamTlsContext>();
}
