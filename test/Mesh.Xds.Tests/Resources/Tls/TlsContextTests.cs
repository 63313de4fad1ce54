using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using SanType = Envoy.Extensions.TransportSockets.Tls.V3.SubjectAltNameMatcher.Types.SanType;

namespace ProxylessMesh.Xds.Tests.Resources.Tls;

/// <summary>gRFC A29: certificates come from provider instances, and a check that we would leave out is an error.</summary>
public sealed class TlsContextTests
{
    private const string Common = "transport_socket.common_tls_context";
    private const string Validation = $"{Common}.combined_validation_context.default_validation_context";

    private static readonly Dictionary<string, (Action<UpstreamTlsContext> Break, string Error)> BrokenUpstream = new()
    {
        ["nothing"] = (t => t.CommonTlsContext = null, $"{Common}: is missing"),
        ["no roots"] = (t => t.CommonTlsContext.ClearValidationContextType(), $"{Common}.validation_context: ca_certificate_provider_instance is missing"),
        ["roots in a file only"] = (
            t => t.CommonTlsContext.ValidationContext = new CertificateValidationContext { TrustedCa = new DataSource { Filename = "/x" } },
            $"{Common}.validation_context: ca_certificate_provider_instance is missing"),
        ["unnamed identity"] = (
            t => t.CommonTlsContext.TlsCertificateProviderInstance.InstanceName = "", $"{Common}.tls_certificate_provider_instance: instance_name"),
        ["unnamed identity in the old field"] = (
            t =>
            {
                t.CommonTlsContext.TlsCertificateProviderInstance = null;
                t.CommonTlsContext.TlsCertificateCertificateProviderInstance.InstanceName = "";
            },
            $"{Common}.tls_certificate_certificate_provider_instance: instance_name"),
        ["certificates inline"] = (t => t.CommonTlsContext.TlsCertificates.Add(new TlsCertificate()), $"{Common}.tls_certificates: is not supported"),
        ["certificates by SDS"] = (
            t => t.CommonTlsContext.TlsCertificateSdsSecretConfigs.Add(new SdsSecretConfig()),
            $"{Common}.tls_certificate_sds_secret_configs: is not supported"),
        ["custom selector"] = (
            t => t.CommonTlsContext.CustomTlsCertificateSelector = new TypedExtensionConfig(),
            $"{Common}.custom_tls_certificate_selector: is not supported"),
        ["custom handshaker"] = (t => t.CommonTlsContext.CustomHandshaker = new TypedExtensionConfig(), $"{Common}.custom_handshaker: is not supported"),
        ["combined with SDS"] = (
            t => t.CommonTlsContext.CombinedValidationContext.ValidationContextSdsSecretConfig = new SdsSecretConfig(),
            $"{Common}.combined_validation_context.validation_context_sds_secret_config: is not supported"),
        ["system roots"] = (t => Checks(t).SystemRootCerts = new(), $"{Validation}.system_root_certs: is not supported"),
        ["key pins"] = (t => Checks(t).VerifyCertificateSpki.Add("x"), $"{Validation}.verify_certificate_spki: is not supported"),
        ["certificate pins"] = (t => Checks(t).VerifyCertificateHash.Add("x"), $"{Validation}.verify_certificate_hash: is not supported"),
        ["timestamps"] = (
            t => Checks(t).RequireSignedCertificateTimestamp = true, $"{Validation}.require_signed_certificate_timestamp: is not supported"),
        ["revocation list"] = (t => Checks(t).Crl = new DataSource(), $"{Validation}.crl: is not supported"),
        ["custom validator"] = (t => Checks(t).CustomValidatorConfig = new TypedExtensionConfig(), $"{Validation}.custom_validator_config: is not supported"),
        ["depth"] = (t => Checks(t).MaxVerifyDepth = 1, $"{Validation}.max_verify_depth: is not supported"),
        ["untrusted accepted"] = (
            t => Checks(t).TrustChainVerification = CertificateValidationContext.Types.TrustChainVerification.AcceptUntrusted,
            $"{Validation}.trust_chain_verification: is not supported"),
        ["empty name"] = (t => Checks(t).MatchSubjectAltNames[0].Prefix = "", $"{Validation}.match_subject_alt_names[0].prefix: must not be empty"),
        ["nameless name"] = (t => Checks(t).MatchSubjectAltNames[0] = new StringMatcher(), $"{Validation}.match_subject_alt_names[0]: match_pattern is missing"),
        ["typed e-mail"] = (t => Typed(t, SanType.Email, new StringMatcher { Exact = "a" }), $"{Validation}.match_typed_subject_alt_names[0].san_type: is not supported"),
        ["untyped"] = (
            t => Typed(t, SanType.Unspecified, new StringMatcher { Exact = "a" }), $"{Validation}.match_typed_subject_alt_names[0].san_type: is not supported"),
        ["DNS names in part"] = (
            t => Typed(t, SanType.Dns, new StringMatcher { Prefix = "a" }), $"{Validation}.match_typed_subject_alt_names[0].san_type: is not supported"),
        ["SNI too long"] = (t => t.Sni = new string('a', 256), "transport_socket.sni: is longer than 255"),
        ["SNI by host"] = (t => t.AutoHostSni = true, "transport_socket.auto_host_sni: is not supported"),
        ["names by SNI"] = (t => t.AutoSniSanValidation = true, "transport_socket.auto_sni_san_validation: is not supported"),
        ["renegotiation"] = (t => t.AllowRenegotiation = true, "transport_socket.allow_renegotiation: is not supported"),
    };

    private static readonly Dictionary<string, (Action<DownstreamTlsContext> Break, string Error)> BrokenDownstream = new()
    {
        ["no certificate"] = (
            t =>
            {
                t.CommonTlsContext.TlsCertificateProviderInstance = null;
                t.CommonTlsContext.TlsCertificateCertificateProviderInstance = null;
            },
            $"{Common}.tls_certificate_provider_instance: is missing"),
        ["clients without roots"] = (
            t => t.CommonTlsContext.ClearValidationContextType(), $"{Common}.validation_context: require_client_certificate needs"),
        ["names of clients"] = (
            t => t.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames.Add(new StringMatcher { Exact = "a" }),
            $"{Validation}.match_subject_alt_names: is not supported"),
        ["SNI"] = (t => t.RequireSni = true, "transport_socket.require_sni: is not supported"),
        ["stapling"] = (
            t => t.OcspStaplePolicy = DownstreamTlsContext.Types.OcspStaplePolicy.MustStaple, "transport_socket.ocsp_staple_policy: is not supported"),
        ["ticket keys"] = (
            t => t.SessionTicketKeysSdsSecretConfig = new SdsSecretConfig(), "transport_socket.session_ticket_keys_sds_secret_config: is not supported"),
        ["no tickets"] = (t => t.DisableStatelessSessionResumption = true, "transport_socket.disable_stateless_session_resumption: is not supported"),
        ["no sessions"] = (t => t.DisableStatefulSessionResumption = true, "transport_socket.disable_stateful_session_resumption: is not supported"),
    };

    public static TheoryData<string> UpstreamNames => [.. BrokenUpstream.Keys];

    public static TheoryData<string> DownstreamNames => [.. BrokenDownstream.Keys];

    [Theory]
    [MemberData(nameof(UpstreamNames))]
    public void Refuses_towards_servers(string name)
    {
        var tls = IstioShapes.UpstreamTls();
        BrokenUpstream[name].Break(tls);
        var cluster = IstioShapes.EdsCluster();
        cluster.TransportSocket = IstioShapes.TlsSocket(tls);

        AssertError(ResourceKinds.Cluster, cluster, BrokenUpstream[name].Error);
    }

    [Theory]
    [MemberData(nameof(DownstreamNames))]
    public void Refuses_towards_clients(string name)
    {
        var tls = IstioShapes.DownstreamTls();
        BrokenDownstream[name].Break(tls);
        var listener = IstioShapes.InboundListener();
        listener.FilterChains[0].TransportSocket = IstioShapes.TlsSocket(tls);

        AssertError(ResourceKinds.Listener, listener, $"filter_chains[0].{BrokenDownstream[name].Error}");
    }

    [Fact]
    public void Deprecated_provider_fields_count_when_the_new_ones_are_empty()
    {
        var tls = IstioShapes.UpstreamTls();
        tls.CommonTlsContext.TlsCertificateProviderInstance = null;
        tls.CommonTlsContext.TlsCertificateCertificateProviderInstance.InstanceName = "old-identity";
        Checks(tls).CaCertificateProviderInstance = null;
        tls.CommonTlsContext.CombinedValidationContext.ValidationContextCertificateProviderInstance.InstanceName = "old-roots";

        var decoded = Upstream(tls);

        Assert.Equal(("old-identity", "old-roots"), (decoded.IdentityProvider, decoded.RootsProvider));
        Assert.Single(decoded.SubjectAltNames);
    }

    [Fact]
    public void Roots_may_stand_in_a_plain_validation_context_or_alone()
    {
        var tls = new UpstreamTlsContext
        {
            CommonTlsContext = new() { ValidationContext = new() { CaCertificateProviderInstance = new() { InstanceName = "plain" } } },
        };
        Assert.Equal(new UpstreamTlsConfig(null, "plain", [], "", []), Upstream(tls));

        tls.CommonTlsContext.ValidationContextCertificateProviderInstance = new() { InstanceName = "alone" };
        Assert.Equal(new UpstreamTlsConfig(null, "alone", [], "", []), Upstream(tls));
    }

    [Fact]
    public void Typed_names_replace_the_old_ones()
    {
        var tls = IstioShapes.UpstreamTls();
        Typed(tls, SanType.Uri, new StringMatcher { Prefix = "spiffe://cluster.local/ns/prod/" });
        Typed(tls, SanType.Dns, new StringMatcher { Exact = "reviews.example.com" });

        Assert.Equal<StringMatchConfig>(
            [
                new StringMatchConfig(StringMatchKind.Prefix, "spiffe://cluster.local/ns/prod/"),
                new StringMatchConfig(StringMatchKind.Exact, "reviews.example.com"),
            ],
            Upstream(tls).SubjectAltNames);
    }

    [Fact]
    public void Sni_and_alpn_are_kept()
    {
        var tls = IstioShapes.UpstreamTls();
        tls.Sni = "outbound_.9080_._.reviews";
        tls.CommonTlsContext.AlpnProtocols.Add("istio");

        Assert.Equal(("outbound_.9080_._.reviews", "istio"), (Upstream(tls).ServerName, Assert.Single(Upstream(tls).AlpnProtocols)));
    }

    [Fact]
    public void What_would_only_allow_more_or_stands_back_is_ignored()
    {
        var tls = IstioShapes.UpstreamTls();
        Checks(tls).AllowExpiredCertificate = true;
        Checks(tls).TrustedCa = new DataSource { Filename = "/x" };
        tls.MaxSessionKeys = 3;

        Assert.Equal(Upstream(IstioShapes.UpstreamTls()), Upstream(tls));
    }

    [Fact]
    public void Client_certificates_may_be_optional_or_not_asked_for()
    {
        var tls = IstioShapes.DownstreamTls();
        tls.RequireClientCertificate = null;
        Assert.Equal(new DownstreamTlsConfig("default", "default", false), Downstream(tls));

        tls.CommonTlsContext.ClearValidationContextType();
        Assert.Equal(new DownstreamTlsConfig("default", null, false), Downstream(tls));
    }

    [Fact]
    public void A_context_that_cannot_be_read_never_becomes_plaintext()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.TransportSocket = IstioShapes.TlsSocket(IstioShapes.UpstreamTls());
        cluster.TransportSocket.TypedConfig.Value = ByteString.CopyFrom(0x0A, 0xFF);

        AssertError(ResourceKinds.Cluster, cluster, "transport_socket: not a valid message");
    }

    private static UpstreamTlsConfig Upstream(UpstreamTlsContext tls)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.TransportSocket = IstioShapes.TlsSocket(tls);
        return Assert.IsType<UpstreamTlsConfig>(Decode(ResourceKinds.Cluster, cluster).Tls);
    }

    private static DownstreamTlsConfig? Downstream(DownstreamTlsContext tls)
    {
        var listener = IstioShapes.InboundListener();
        listener.FilterChains[0].TransportSocket = IstioShapes.TlsSocket(tls);
        return Assert.IsType<InboundListenerConfig>(Decode(ResourceKinds.Listener, listener)).FilterChains[0].Tls;
    }

    private static CertificateValidationContext Checks(UpstreamTlsContext tls) => tls.CommonTlsContext.CombinedValidationContext.DefaultValidationContext;

    private static void Typed(UpstreamTlsContext tls, SanType type, StringMatcher matcher) =>
        Checks(tls).MatchTypedSubjectAltNames.Add(new SubjectAltNameMatcher { SanType = type, Matcher = matcher });
}
