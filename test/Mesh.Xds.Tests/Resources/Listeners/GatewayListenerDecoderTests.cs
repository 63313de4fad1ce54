using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Listeners;

/// <summary>Listeners of a gateway: chains by server name, certificates by name, routes by reference.</summary>
public sealed class GatewayListenerDecoderTests
{
    private const string Socket = "filter_chains[0].transport_socket.common_tls_context";

    private static readonly Dictionary<string, (Action<Listener, DownstreamTlsContext> Break, string Error)> Broken = new()
    {
        ["a wildcard inside"] = ((l, _) => Names(l, 0).Add("a.*.example.com"), "filter_chains[0].filter_chain_match.server_names[1]: \"a.*.example.com\" is neither a name nor *.suffix"),
        ["a star alone"] = ((l, _) => Names(l, 0).Add("*"), "server_names[1]: \"*\" is neither"),
        ["a name twice"] = ((l, _) => Names(l, 1).Add("A.example.com"), "filter_chains[1].filter_chain_match: is the same as that of filter_chains[0]"),
        ["names without TLS"] = ((l, _) => l.FilterChains[0].FilterChainMatch.TransportProtocol = "", "server_names: needs transport_protocol tls"),
        ["another directory"] = ((_, t) => Secret(t).Name = "kubernetes://../../etc", $"{Socket}.tls_certificate_sds_secret_configs[0].name: \"kubernetes://../../etc\" is neither"),
        ["a hidden directory"] = ((_, t) => Secret(t).Name = "kubernetes://..", "is neither"),
        ["no name"] = ((_, t) => Secret(t).Name = "kubernetes://", "is neither"),
        ["one file"] = ((_, t) => Secret(t).Name = "file-cert:/c", "is neither"),
        ["three files"] = ((_, t) => Secret(t).Name = "file-cert:/c~/k~/x", "is neither"),
        ["another kind of name"] = ((_, t) => Secret(t).Name = "default", "is neither"),
        ["two certificates"] = ((_, t) => t.CommonTlsContext.TlsCertificateSdsSecretConfigs.Add(new SdsSecretConfig { Name = "kubernetes://b" }), "tls_certificate_sds_secret_configs[1]: is not supported"),
        ["a certificate required and no roots"] = ((_, t) => t.CommonTlsContext.ClearValidationContextType(), "validation_context: require_client_certificate needs roots"),
        ["roots inside"] = (
            (_, t) => t.CommonTlsContext.ValidationContext = new CertificateValidationContext(), "validation_context_type: must name a secret"),
        ["a hash"] = (
            (_, t) => t.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.VerifyCertificateHash.Add("a"), "verify_certificate_hash: is not supported"),
    };

    public static TheoryData<string> Mistakes => [.. Broken.Keys];

    [Fact]
    public void Chains_have_names_certificates_and_routes()
    {
        var config = Assert.IsType<InboundListenerConfig>(Decode(ResourceKinds.Listener, Gateway(Tls())));

        Assert.Equal(["a.example.com", "*.b.example.com"], config.FilterChains.SelectMany(c => c.ServerNames));
        Assert.Equal(["https.443.a.edge.default", "https.443.b.edge.default"], config.FilterChains.Select(c => c.Http?.RouteConfigName));
        var tls = config.FilterChains[0].Tls!;
        Assert.True(tls is { RequireClientCertificate: true, Served: { Certificate.Folder: "shop", Roots.File: "/etc/ca.pem" } });
        Assert.Equal("client", tls.Served!.SubjectAltNames[0].Value);
        Assert.True(config.FilterChains[1].Tls is { RequireClientCertificate: false, Served: { Certificate: { File: "/c", KeyFile: "/k" }, Roots: null } });
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_would_not_be_kept_to_is_refused(string what)
    {
        var tls = Tls();
        var listener = Gateway(tls);
        Broken[what].Break(listener, tls);
        listener.FilterChains[0].TransportSocket = IstioShapes.TlsSocket(tls);

        Assert.Contains(Errors(ResourceKinds.Listener, listener), e => e.Contains(Broken[what].Error, StringComparison.Ordinal));
    }

    private static Listener Gateway(DownstreamTlsContext tls)
    {
        var listener = IstioShapes.InboundListener();
        listener.FilterChains.Clear();
        var files = new DownstreamTlsContext { CommonTlsContext = new CommonTlsContext { TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = "file-cert:/c~/k" } } } };
        foreach (var (name, host, socket) in new[] { ("a", "a.example.com", tls), ("b", "*.b.example.com", files) })
        {
            var manager = IstioShapes.InboundManager();
            manager.Rds = new Rds { RouteConfigName = $"https.443.{name}.edge.default", ConfigSource = IstioShapes.Ads };
            var chain = IstioShapes.InboundChain(name, "tls", IstioShapes.TlsSocket(socket), manager);
            chain.FilterChainMatch.ServerNames.Add(host);
            listener.FilterChains.Add(chain);
        }

        return listener;
    }

    private static DownstreamTlsContext Tls() => new()
    {
        RequireClientCertificate = true,
        CommonTlsContext = new CommonTlsContext
        {
            TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = "kubernetes://shop" } },
            CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
            {
                ValidationContextSdsSecretConfig = new SdsSecretConfig { Name = "file-root:/etc/ca.pem" },
                DefaultValidationContext = new CertificateValidationContext { MatchSubjectAltNames = { new StringMatcher { Exact = "client" } } },
            },
        },
    };

    private static Google.Protobuf.Collections.RepeatedField<string> Names(Listener listener, int chain) => listener.FilterChains[chain].FilterChainMatch.ServerNames;

    private static SdsSecretConfig Secret(DownstreamTlsContext tls) => tls.CommonTlsContext.TlsCertificateSdsSecretConfigs[0];
}
