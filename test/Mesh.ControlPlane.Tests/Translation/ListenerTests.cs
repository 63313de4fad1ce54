using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class ListenerTests
{
    private const string Inbound = "xds.istio.io/grpc/lds/inbound/";

    [Theory]
    [InlineData("reviews:9080")]
    [InlineData("reviews.default:9080")]
    [InlineData("reviews.default.svc.cluster.local:9080")]
    public void A_listener_bears_the_name_asked_for_and_leads_to_the_hosts_routes(string name)
    {
        var listener = Translate.Listener(Mesh.Of(Mesh.Service("reviews")), Mesh.Client(), name)!;
        var manager = listener.ApiListener.ApiListener_.Unpack<HttpConnectionManager>();

        Assert.Equal(name, listener.Name);
        Assert.Equal("outbound|9080||reviews.default.svc.cluster.local", manager.Rds.RouteConfigName);
        Assert.NotNull(manager.Rds.ConfigSource.Ads);
        Assert.Equal(["envoy.filters.http.fault", "envoy.filters.http.cors", "envoy.filters.http.router"], manager.HttpFilters.Select(f => f.Name));
    }

    [Theory]
    [InlineData("reviews")]
    [InlineData("reviews:")]
    [InlineData("reviews:0")]
    [InlineData("reviews:65536")]
    [InlineData("reviews:+9080")]
    [InlineData("reviews:9080 ")]
    [InlineData(":9080")]
    [InlineData("::1:9080")]
    [InlineData("[::1]:9080")]
    [InlineData("[]:9080")]
    [InlineData("[:9080")]
    [InlineData("nobody:9080")]
    [InlineData("reviews:80")]
    [InlineData("")]
    [InlineData(Inbound)]
    [InlineData(Inbound + "9080")]
    [InlineData(Inbound + "::9080")]
    [InlineData(Inbound + "0.0.0.0:http")]
    public void A_name_that_means_nothing_is_null(string name) => Assert.Null(Translate.Listener(Mesh.Of(Mesh.Service("reviews")), Mesh.Client(), name));

    [Theory]
    [InlineData("0.0.0.0:9080", "0.0.0.0")]
    [InlineData("127.0.0.1:9080", "127.0.0.1")]
    [InlineData("[::]:9080", "::")]
    public void An_inbound_listener_has_the_address_it_was_asked_for(string at, string address)
    {
        var socket = Translate.Listener(Mesh.Of(), Mesh.Client(), Inbound + at)!.Address.SocketAddress;

        Assert.Equal((address, 9080u), (socket.Address, socket.PortValue));
    }

    [Theory]
    [InlineData(MutualTlsMode.Strict, "inbound-mtls[tls]")]
    [InlineData(MutualTlsMode.Permissive, "inbound-mtls[tls] inbound-plaintext[raw_buffer]")]
    [InlineData(MutualTlsMode.Disable, "inbound-plaintext[]")]
    public void In_the_mesh_each_mode_has_its_chains(object mode, string expected)
    {
        var model = Mesh.Of(Mesh.PeerAuthentication("p", (MutualTlsMode)mode));

        Assert.Equal(expected, Chains(Translate.Listener(model, Mesh.Client(), Inbound + "0.0.0.0:9080")!));
    }

    [Fact]
    public void The_mode_is_the_workloads_own_for_that_port()
    {
        var model = Mesh.Of(Mesh.PeerAuthentication("p", MutualTlsMode.Strict, "app=reviews", (9081, MutualTlsMode.Disable)));
        var proxy = Mesh.Client(labels: "app=reviews");

        Assert.Equal("inbound-mtls[tls]", Chains(Translate.Listener(model, proxy, Inbound + "0.0.0.0:9080")!));
        Assert.Equal("inbound-plaintext[]", Chains(Translate.Listener(model, proxy, Inbound + "0.0.0.0:9081")!));
        Assert.Equal("inbound-mtls[tls] inbound-plaintext[raw_buffer]", Chains(Translate.Listener(model, Mesh.Client(), Inbound + "0.0.0.0:9080")!));
    }

    [Theory]
    [InlineData(MutualTlsMode.Strict, "", "inbound-mtls[]")]
    [InlineData(MutualTlsMode.Permissive, "", "inbound-plaintext[]")]
    [InlineData(MutualTlsMode.Permissive, Mesh.Tls, "inbound-mtls[]")]
    [InlineData(MutualTlsMode.Disable, Mesh.Tls, "inbound-plaintext[]")]
    public void Grpc_cannot_be_permissive_and_gets_no_match(object mode, string labels, string expected)
    {
        var model = Mesh.Of(Mesh.Service("reviews"), Mesh.PeerAuthentication("p", (MutualTlsMode)mode));
        var listener = Translate.Listener(model, Mesh.Client(labels: $"app=reviews,{labels}", profile: ProxyProfile.Grpc), Inbound + "0.0.0.0:9080")!;

        Assert.Equal(expected, Chains(listener));
        Assert.Null(listener.FilterChains[0].FilterChainMatch);
    }

    [Fact]
    public void Grpc_has_a_listener_for_a_port_that_its_agent_will_register()
    {
        var model = Mesh.Of(Mesh.Service("reviews", ports: [Mesh.Port(9080)]));
        var proxy = Mesh.Client(labels: "app=reviews", profile: ProxyProfile.Grpc);

        Assert.Null(Translate.Listener(model, proxy, Inbound + "0.0.0.0:7000"));
        Assert.NotNull(Translate.Listener(model, proxy with { InboundPorts = [new("grpc", 7000)] }, Inbound + "0.0.0.0:7000"));
    }

    [Theory]
    [InlineData("named=7000", 7000, "http", true)]
    [InlineData("named=7000", 7001, "http", false)]
    [InlineData("http=7000", 7000, "http", true)]
    [InlineData("", 9080, "http", true)]
    [InlineData("", 9081, "http", false)]
    public void Grpc_is_answered_only_for_ports_that_a_service_leads_to(string ports, int port, string servicePort, bool answered)
    {
        var model = Mesh.Of(
            Mesh.Service("reviews", ports: Mesh.Port(9080, servicePort)),
            Mesh.Workload("a", "app=reviews,version=v1", "10.0.0.1", ports));
        var proxy = Mesh.Client(labels: "app=reviews,version=v1", profile: ProxyProfile.Grpc);

        Assert.Equal(answered, Translate.Listener(model, proxy, $"{Inbound}0.0.0.0:{port}") is not null);
        Assert.NotNull(Translate.Listener(model, proxy with { Profile = ProxyProfile.Mesh }, $"{Inbound}0.0.0.0:{port}"));
    }

    [Fact]
    public void The_tls_chain_asks_for_a_certificate_of_the_mesh_and_passes_all_requests_on()
    {
        var chain = Translate.Listener(Mesh.Of(), Mesh.Client(), Inbound + "0.0.0.0:9080")!.FilterChains[0];
        var tls = chain.TransportSocket.TypedConfig.Unpack<DownstreamTlsContext>();
        var manager = chain.Filters[0].TypedConfig.Unpack<HttpConnectionManager>();

        Assert.True(tls.RequireClientCertificate);
        Assert.Equal("default", tls.CommonTlsContext.TlsCertificateProviderInstance.CertificateName);
        Assert.Equal("ROOTCA", tls.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.CaCertificateProviderInstance.CertificateName);
        Assert.Empty(tls.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames);
        Assert.Equal("*", manager.RouteConfig.VirtualHosts[0].Domains[0]);
        Assert.NotNull(manager.RouteConfig.VirtualHosts[0].Routes[0].NonForwardingAction);
    }

    private static string Chains(Listener listener) => string.Join(' ', listener.FilterChains.Select(c => $"{c.Name}[{c.FilterChainMatch?.TransportProtocol}]"));
}
