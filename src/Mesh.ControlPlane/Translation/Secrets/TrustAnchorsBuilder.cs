using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Translation.Secrets;

/// <summary>The secret <c>ROOTCA</c>: the mesh's roots and revocation lists, in Envoy's own message.</summary>
internal static class TrustAnchorsBuilder
{
    public const string TypeUrl = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    /// <param name="roots">PEM.</param>
    /// <param name="revocationLists">PEM; empty = none.</param>
    /// <param name="domains">For which the roots speak.</param>
    public static TranslatedResource Build(string roots, string revocationLists, IReadOnlyCollection<string> domains)
    {
        var context = new CertificateValidationContext { TrustedCa = new DataSource { InlineString = roots } };
        if (revocationLists.Length > 0)
        {
            context.Crl = new DataSource { InlineString = revocationLists };
        }

        if (domains.Count > 1)
        {
            context.CustomValidatorConfig = new TypedExtensionConfig { Name = "envoy.tls.cert_validator.spiffe", TypedConfig = Any.Pack(Domains(roots, domains)) };
        }

        return new(TrustWatch.SecretName, new Secret { Name = TrustWatch.SecretName, ValidationContext = context }.ToByteString());
    }

    private static SPIFFECertValidatorConfig Domains(string roots, IEnumerable<string> domains) => new()
    {
        TrustDomains = { domains.Select(name => new SPIFFECertValidatorConfig.Types.TrustDomain { Name = name, TrustBundle = new DataSource { InlineString = roots } }) },
    };
}
