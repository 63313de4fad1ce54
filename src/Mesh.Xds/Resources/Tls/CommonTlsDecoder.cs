using Envoy.Extensions.TransportSockets.Tls.V3;
using Validation = Envoy.Extensions.TransportSockets.Tls.V3.CommonTlsContext.ValidationContextTypeOneofCase;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>CommonTlsContext: certificates come from provider instances only (gRFC A29).</summary>
internal static class CommonTlsDecoder
{
    public static CommonTls? Decode(CommonTlsContext? tls, DecodeContext context)
    {
        if (tls is null)
        {
            context.Error("common_tls_context", "is missing");
            return null;
        }

        using (context.Enter("common_tls_context"))
        {
            context.Refuse(tls.TlsCertificates.Count > 0, "tls_certificates");
            context.Refuse(tls.TlsCertificateSdsSecretConfigs.Count > 0, "tls_certificate_sds_secret_configs");
            context.Refuse(tls.CustomTlsCertificateSelector is not null, "custom_tls_certificate_selector");
            context.Refuse(tls.CustomHandshaker is not null, "custom_handshaker");
            var (validation, validationField, roots) = ReadValidation(tls, context);
            if (validation is not null)
            {
                using (context.Enter(validationField))
                {
                    CheckValidation(validation, context);
                }
            }

            return new CommonTls(Identity(tls, context), roots, validation, validationField)
            {
                Parameters = TlsParametersDecoder.Decode(tls.TlsParams, context),
            };
        }
    }

    /// <summary>Control planes send the old field (11) and the new one (14); the new one counts when both are there.</summary>
    private static string? Identity(CommonTlsContext tls, DecodeContext context)
    {
        if (tls.TlsCertificateProviderInstance is { } instance)
        {
            return Instance(instance.InstanceName, "tls_certificate_provider_instance", context);
        }

        return tls.TlsCertificateCertificateProviderInstance is { } old
            ? Instance(old.InstanceName, "tls_certificate_certificate_provider_instance", context)
            : null;
    }

    private static (CertificateValidationContext? Context, string Field, string? Roots) ReadValidation(CommonTlsContext tls, DecodeContext context)
    {
        const string Combined = "combined_validation_context";
        const string OldProvider = "validation_context_certificate_provider_instance";
        switch (tls.ValidationContextTypeCase)
        {
            case Validation.ValidationContext:
                return (tls.ValidationContext, "validation_context", Roots(tls.ValidationContext, "validation_context", context));
            case Validation.CombinedValidationContext:
                var combined = tls.CombinedValidationContext;
                context.Refuse(combined.ValidationContextSdsSecretConfig is not null, $"{Combined}.validation_context_sds_secret_config");
                var field = $"{Combined}.default_validation_context";
                var roots = combined.DefaultValidationContext is { } inner ? Roots(inner, field, context) : null;
                roots ??= combined.ValidationContextCertificateProviderInstance is { } old
                    ? Instance(old.InstanceName, $"{Combined}.{OldProvider}", context)
                    : null;
                return (combined.DefaultValidationContext, field, roots);
            case Validation.ValidationContextCertificateProviderInstance:
                return (null, OldProvider, Instance(tls.ValidationContextCertificateProviderInstance.InstanceName, OldProvider, context));
            case Validation.ValidationContextSdsSecretConfig:
                context.Refuse(true, "validation_context_sds_secret_config");
                return default;
            default:
                return default;
        }
    }

    private static string? Roots(CertificateValidationContext validation, string field, DecodeContext context) =>
        validation.CaCertificateProviderInstance is { } instance
            ? Instance(instance.InstanceName, $"{field}.ca_certificate_provider_instance", context)
            : null;

    private static string? Instance(string name, string field, DecodeContext context)
    {
        if (name.Length == 0)
        {
            context.Error(field, "instance_name must not be empty");
            return null;
        }

        return name;
    }

    /// <summary>
    /// Refuses checks that we would leave out. Of the rest, trusted_ca stands back behind the provider (gRFC A29), and
    /// allow_expired_certificate would only allow more.
    /// </summary>
    public static void CheckValidation(CertificateValidationContext validation, DecodeContext context, bool originates = false)
    {
        context.Refuse(validation.SystemRootCerts is not null && !originates, "system_root_certs");
        context.Refuse(validation.VerifyCertificateSpki.Count > 0, "verify_certificate_spki");
        context.Refuse(validation.VerifyCertificateHash.Count > 0, "verify_certificate_hash");
        context.Refuse(validation.RequireSignedCertificateTimestamp == true, "require_signed_certificate_timestamp");
        context.Refuse(validation.Crl is not null, "crl");
        context.Refuse(validation.CustomValidatorConfig is not null, "custom_validator_config");
        context.Refuse(validation.MaxVerifyDepth is not null, "max_verify_depth");
        context.Refuse(
            validation.TrustChainVerification != CertificateValidationContext.Types.TrustChainVerification.VerifyTrustChain && !originates,
            "trust_chain_verification");
    }
}
