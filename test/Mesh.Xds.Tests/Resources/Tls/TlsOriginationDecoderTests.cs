using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Tls;
using SanType = Envoy.Extensions.TransportSockets.Tls.V3.SubjectAltNameMatcher.Types.SanType;
using StringMatcher = Envoy.Type.Matcher.V3.StringMatcher;

namespace ProxylessMesh.Xds.Tests.Resources.Tls;

public sealed class TlsOriginationDecoderTests
{
    private const string Validation = "common_tls_context.validation_context";

    private static readonly Dictionary<string, (Action<UpstreamTlsContext> Break, string Error)> Broken = new()
    {
        ["roots inside"] = (t => t.CommonTlsContext.ValidationContext.TrustedCa = new DataSource { InlineString = "x" }, $"{Validation}.trusted_ca: must be a filename"),
        ["two kinds of roots"] = (t => t.CommonTlsContext.ValidationContext.SystemRootCerts = new(), $"{Validation}: has both trusted_ca and system_root_certs"),
        ["key inside"] = (t => t.CommonTlsContext.TlsCertificates[0].PrivateKey = new DataSource { InlineString = "x" }, "common_tls_context.tls_certificates[0].private_key: must be a filename"),
        ["no key"] = (t => t.CommonTlsContext.TlsCertificates[0].PrivateKey = null, "common_tls_context.tls_certificates[0]: certificate_chain and private_key must both name a file"),
        ["two certificates"] = (t => t.CommonTlsContext.TlsCertificates.Add(new TlsCertificate()), "common_tls_context.tls_certificates[0]: there can be only one"),
        ["password"] = (t => t.CommonTlsContext.TlsCertificates[0].Password = new DataSource { InlineString = "x" }, "common_tls_context.tls_certificates[0].password: is not supported"),
        ["revocation list"] = (t => t.CommonTlsContext.ValidationContext.Crl = new DataSource { Filename = "x" }, $"{Validation}.crl: is not supported"),
        ["pinned key"] = (t => t.CommonTlsContext.ValidationContext.VerifyCertificateSpki.Add("x"), $"{Validation}.verify_certificate_spki: is not supported"),
        ["renegotiation"] = (t => t.AllowRenegotiation = true, "allow_renegotiation: is not supported"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var tls = Mutual();
        Broken[name].Break(tls);
        var context = new DecodeContext();

        UpstreamTlsDecoder.Decode(tls, context);

        Assert.Contains(context.Errors, e => e.StartsWith(Broken[name].Error, StringComparison.Ordinal));
    }

    [Fact]
    public void ReadsFilesAndNames() => Assert.Equal(
        new UpstreamTlsConfig(null, "", [new StringMatchConfig(StringMatchKind.Exact, "api.example.com")], "api.example.com", [])
        {
            Origination = new TlsOriginationConfig("/ca.pem", "/tls.crt", "/tls.key"),
        },
        Decode(Mutual()));

    [Fact]
    public void ReadsTheMachinesRootsAndAutomaticNames()
    {
        var tls = new UpstreamTlsContext
        {
            AutoHostSni = true,
            AutoSniSanValidation = true,
            CommonTlsContext = new CommonTlsContext { ValidationContext = new CertificateValidationContext { SystemRootCerts = new() } },
        };

        Assert.Equal(new TlsOriginationConfig(null, null, null) { AutoHostName = true, AutoNameValidation = true }, Decode(tls)!.Origination);
    }

    [Fact]
    public void AMeshContextNeverBecomesOne()
    {
        var tls = Mutual();
        tls.CommonTlsContext.ValidationContext.CaCertificateProviderInstance = new CertificateProviderPluginInstance { InstanceName = "default" };
        var context = new DecodeContext();

        UpstreamTlsDecoder.Decode(tls, context);

        Assert.Contains("common_tls_context.tls_certificates: is not supported", context.Errors);
    }

    private static UpstreamTlsConfig? Decode(UpstreamTlsContext tls)
    {
        var context = new DecodeContext();
        var decoded = UpstreamTlsDecoder.Decode(tls, context);
        Assert.Empty(context.Errors);
        return decoded;
    }

    private static UpstreamTlsContext Mutual() => new()
    {
        Sni = "api.example.com",
        CommonTlsContext = new CommonTlsContext
        {
            TlsCertificates = { new TlsCertificate { CertificateChain = new DataSource { Filename = "/tls.crt" }, PrivateKey = new DataSource { Filename = "/tls.key" } } },
            ValidationContext = new CertificateValidationContext
            {
                TrustedCa = new DataSource { Filename = "/ca.pem" },
                MatchTypedSubjectAltNames = { new SubjectAltNameMatcher { SanType = SanType.Dns, Matcher = new StringMatcher { Exact = "api.example.com" } } },
            },
        },
    };
}
