using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using TrustChain = Envoy.Extensions.TransportSockets.Tls.V3.CertificateValidationContext.Types.TrustChainVerification;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>
/// An UpstreamTlsContext whose certificates are files or the machine's roots rather than provider instances: Istio's TLS
/// origination. Secrets inside the resource are refused: they would lie in every cache on the way.
/// </summary>
internal static class TlsOriginationDecoder
{
    private const string Validation = "common_tls_context.validation_context";

    /// <summary>Whether a context is of this kind: no provider instance anywhere, and something that only this kind has.</summary>
    public static bool Applies(UpstreamTlsContext tls) =>
        tls.CommonTlsContext is
        {
            TlsCertificateProviderInstance: null,
            TlsCertificateCertificateProviderInstance: null,
            ValidationContextTypeCase: CommonTlsContext.ValidationContextTypeOneofCase.ValidationContext,
            ValidationContext: { CaCertificateProviderInstance: null } validation,
        }
        && (validation.TrustedCa is not null || validation.SystemRootCerts is not null || validation.TrustChainVerification == TrustChain.AcceptUntrusted);

    public static UpstreamTlsConfig? Decode(UpstreamTlsContext tls, DecodeContext context)
    {
        var common = tls.CommonTlsContext;
        var validation = common.ValidationContext;
        CheckNames(tls, context);
        using (context.Enter(Validation))
        {
            CommonTlsDecoder.CheckValidation(validation, context, originates: true);
        }

        var roots = File(validation.TrustedCa, $"{Validation}.trusted_ca", context);
        if (validation.TrustedCa is not null && validation.SystemRootCerts is not null)
        {
            context.Error(Validation, "has both trusted_ca and system_root_certs");
        }

        var (certificate, key) = Identity(common, context);
        EquatableArray<StringMatchConfig> names;
        using (context.Enter(Validation))
        {
            names = SubjectAltNameDecoder.Decode(validation, context);
        }

        return new UpstreamTlsConfig(null, "", names, tls.Sni, common.AlpnProtocols.ToEquatableArray())
        {
            Origination = new TlsOriginationConfig(roots, certificate, key)
            {
                AutoHostName = tls.AutoHostSni,
                AutoNameValidation = tls.AutoSniSanValidation,
                AcceptUntrusted = validation.TrustChainVerification == TrustChain.AcceptUntrusted,
            },
            Parameters = DecodeParameters(common, context),
        };
    }

    private static TlsParametersConfig? DecodeParameters(CommonTlsContext common, DecodeContext context)
    {
        using (context.Enter("common_tls_context"))
        {
            return TlsParametersDecoder.Decode(common.TlsParams, context);
        }
    }

    private static void CheckNames(UpstreamTlsContext tls, DecodeContext context)
    {
        context.Refuse(tls.CommonTlsContext.TlsCertificateSdsSecretConfigs.Count > 0, "common_tls_context.tls_certificate_sds_secret_configs");
        context.Refuse(tls.CommonTlsContext.CustomTlsCertificateSelector is not null, "common_tls_context.custom_tls_certificate_selector");
        context.Refuse(tls.CommonTlsContext.CustomHandshaker is not null, "common_tls_context.custom_handshaker");
    }

    private static (string? Certificate, string? Key) Identity(CommonTlsContext common, DecodeContext context)
    {
        if (common.TlsCertificates.Count == 0)
        {
            return default;
        }

        using (context.Enter("common_tls_context"))
        using (context.Enter("tls_certificates", 0))
        {
            if (common.TlsCertificates.Count > 1)
            {
                context.Error("there can be only one");
            }

            var pair = common.TlsCertificates[0];
            context.Refuse(pair.Pkcs12 is not null, "pkcs12");
            context.Refuse(pair.Password is not null, "password");
            context.Refuse(pair.OcspStaple is not null, "ocsp_staple");
            context.Refuse(pair.SignedCertificateTimestamp.Count > 0, "signed_certificate_timestamp");
            var certificate = File(pair.CertificateChain, "certificate_chain", context);
            var key = File(pair.PrivateKey, "private_key", context);
            if (certificate is null || key is null)
            {
                context.Error("certificate_chain and private_key must both name a file");
            }

            return (certificate, key);
        }
    }

    private static string? File(DataSource? source, string field, DecodeContext context)
    {
        switch (source?.SpecifierCase)
        {
            case null:
                return null;
            case DataSource.SpecifierOneofCase.Filename when source.Filename.Length > 0:
                return source.Filename;
            default:
                context.Error(field, "must be a filename");
                return null;
        }
    }
}
