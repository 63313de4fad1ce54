using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Resources.Secrets;

/// <summary>SDS: roots and revocation lists, and nothing else.</summary>
public sealed class SecretDecoderTests
{
    private readonly string _roots = new TestAuthority(new FakeTime()).Certificate.ExportCertificatePem();

    [Fact]
    public void Roots_come_inline()
    {
        var result = ResourceKinds.Secret.Decode(Secret().ToByteString());
        Assert.Equal("ROOTCA", result.Name);
        Assert.Equal(_roots, result.Value!.Roots);
        Assert.Equal("", result.Value.RevocationLists);

        var bytes = Secret();
        bytes.ValidationContext.TrustedCa = new DataSource { InlineBytes = ByteString.CopyFromUtf8(_roots) };
        Assert.Equal(result.Value, ResourceKinds.Secret.Decode(bytes.ToByteString()).Value);
    }

    [Fact]
    public void Several_trust_domains_have_roots_of_their_own()
    {
        var secret = Secret();
        secret.ValidationContext.CustomValidatorConfig = Validator(Domain("cluster.local", _roots), Domain("old.example", _roots));
        var value = ResourceKinds.Secret.Decode(secret.ToByteString()).Value!;
        Assert.Equal(["cluster.local", "old.example"], value.Domains.Entries.Select(d => d.Key));
        Assert.Equal(_roots, value.Domains.Find("old.example"));

        Refused(s => s.ValidationContext.CustomValidatorConfig = Validator(Domain("cluster.local", _roots), Domain("Not One", _roots)), "is not a trust domain");
        Refused(s => s.ValidationContext.CustomValidatorConfig = Validator(Domain("cluster.local", _roots), Domain("cluster.local", _roots)), "cluster.local twice");
        Refused(s => s.ValidationContext.CustomValidatorConfig = Validator(Domain("cluster.local", _roots), Domain("old.example", "")), "is damaged");
        Refused(s => s.ValidationContext.CustomValidatorConfig = new TypedExtensionConfig { TypedConfig = Any.Pack(new Secret()) }, "SPIFFECertValidatorConfig is");
        Refused(s => s.ValidationContext.CustomValidatorConfig = new TypedExtensionConfig(), "SPIFFECertValidatorConfig is");
        Refused(
            s => s.ValidationContext.CustomValidatorConfig = new TypedExtensionConfig { TypedConfig = Any.Pack(new SPIFFECertValidatorConfig { TrustBundles = new DataSource { InlineString = "{}" } }) },
            "trust_bundles: is not supported");
    }

    [Fact]
    public void Anything_else_is_refused()
    {
        Refused(s => s.ClearType(), "validation_context: is missing");
        Refused(s => s.Name = "", "name");
        Refused(s => s.ValidationContext.TrustedCa = null, "trusted_ca: must hold certificates");
        Refused(s => s.ValidationContext.TrustedCa = new DataSource { Filename = "/etc/passwd" }, "trusted_ca: must be inline");
        Refused(s => s.ValidationContext.TrustedCa = new DataSource { InlineString = "hello" }, "trusted_ca: is damaged");
        Refused(s => s.ValidationContext.Crl = new DataSource { InlineString = "hello" }, "crl: is damaged");
        Refused(s => s.ValidationContext.MatchSubjectAltNames.Add(new StringMatcher { Exact = "x" }), "match_subject_alt_names: is not supported");
        Refused(s => s.ValidationContext.AllowExpiredCertificate = true, "allow_expired_certificate: is not supported");
        Refused(s => s.ValidationContext.OnlyVerifyLeafCertCrl = true, "only_verify_leaf_cert_crl: is not supported");
        Assert.NotEmpty(ResourceKinds.Secret.Decode(ByteString.CopyFromUtf8("not a message")).Errors);
    }

    private static TypedExtensionConfig Validator(params SPIFFECertValidatorConfig.Types.TrustDomain[] domains) =>
        new() { Name = "envoy.tls.cert_validator.spiffe", TypedConfig = Any.Pack(new SPIFFECertValidatorConfig { TrustDomains = { domains } }) };

    private static SPIFFECertValidatorConfig.Types.TrustDomain Domain(string name, string roots) => new() { Name = name, TrustBundle = new DataSource { InlineString = roots } };

    private Secret Secret() => new() { Name = "ROOTCA", ValidationContext = new CertificateValidationContext { TrustedCa = new DataSource { InlineString = _roots } } };

    private void Refused(Action<Secret> change, string error)
    {
        var secret = Secret();
        change(secret);
        var result = ResourceKinds.Secret.Decode(secret.ToByteString());
        Assert.Null(result.Value);
        Assert.Contains(result.Errors, e => e.Contains(error, StringComparison.Ordinal));
    }
}
