using System.Security.Cryptography;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Resources.Secrets;

/// <summary>
/// A secret with a validation context: roots and revocation lists, inline. Keys do not travel this way: a workload makes its own.
/// </summary>
internal static class SecretDecoder
{
    public static TrustAnchorsConfig? Decode(Secret secret, DecodeContext context)
    {
        if (secret.ValidationContext is not { } validation)
        {
            context.Error("validation_context", "is missing, and no other kind of secret is supported");
            return null;
        }

        using (context.Enter("validation_context"))
        {
            CheckRest(validation, context);
            var roots = Text(validation.TrustedCa, "trusted_ca", context);
            var lists = Text(validation.Crl, "crl", context);
            if (roots.Length == 0)
            {
                context.Error("trusted_ca", "must hold certificates");
                return null;
            }

            Check("trusted_ca", context, () => PemCertificates.Read(roots));
            Check("crl", context, () => RevocationList.ReadAll(lists));
            return new TrustAnchorsConfig(roots, lists) { Domains = TrustDomainsDecoder.Decode(validation.CustomValidatorConfig, context) };
        }
    }

    // What a peer must be named is said by the cluster that it is an endpoint of, not here.
    private static void CheckRest(CertificateValidationContext validation, DecodeContext context)
    {
        context.Refuse(validation.CaCertificateProviderInstance is not null, "ca_certificate_provider_instance");
        context.Refuse(validation.SystemRootCerts is not null, "system_root_certs");
        context.Refuse(validation.VerifyCertificateSpki.Count > 0, "verify_certificate_spki");
        context.Refuse(validation.VerifyCertificateHash.Count > 0, "verify_certificate_hash");
        context.Refuse(validation.MatchTypedSubjectAltNames.Count > 0, "match_typed_subject_alt_names");
        context.Refuse(validation.MatchSubjectAltNames.Count > 0, "match_subject_alt_names");
        context.Refuse(validation.RequireSignedCertificateTimestamp == true, "require_signed_certificate_timestamp");
        context.Refuse(validation.AllowExpiredCertificate, "allow_expired_certificate");
        context.Refuse(
            validation.TrustChainVerification != CertificateValidationContext.Types.TrustChainVerification.VerifyTrustChain,
            "trust_chain_verification");
        context.Refuse(validation.OnlyVerifyLeafCertCrl, "only_verify_leaf_cert_crl");
        context.Refuse(validation.MaxVerifyDepth is not null, "max_verify_depth");
    }

    internal static string Text(DataSource? source, string field, DecodeContext context)
    {
        switch (source?.SpecifierCase)
        {
            case null:
                return "";
            case DataSource.SpecifierOneofCase.InlineString:
                return source.InlineString;
            case DataSource.SpecifierOneofCase.InlineBytes:
                return source.InlineBytes.ToStringUtf8();
            default:
                context.Error(field, "must be inline");
                return "";
        }
    }

    internal static void Check<T>(string field, DecodeContext context, Func<T> read)
    {
        try
        {
            read();
        }
        catch (CryptographicException e)
        {
            context.Error(field, $"is damaged: {e.Message}");
        }
    }
}
