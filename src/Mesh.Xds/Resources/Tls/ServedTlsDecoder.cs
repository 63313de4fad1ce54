using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using Validation = Envoy.Extensions.TransportSockets.Tls.V3.CommonTlsContext.ValidationContextTypeOneofCase;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>
/// A DownstreamTlsContext whose certificate is a secret by name: that of a gateway, towards clients outside the mesh. Wherever the resource
/// says that secrets come from, they come from this machine's files: keys never travel.
/// </summary>
internal static class ServedTlsDecoder
{
    public static bool Applies(DownstreamTlsContext tls) => tls.CommonTlsContext?.TlsCertificateSdsSecretConfigs.Count > 0;

    public static DownstreamTlsConfig? Decode(DownstreamTlsContext tls, DecodeContext context)
    {
        using (context.Enter("common_tls_context"))
        {
            var common = tls.CommonTlsContext;
            context.Refuse(common.TlsCertificates.Count > 0, "tls_certificates");
            context.Refuse(common.TlsCertificateProviderInstance is not null, "tls_certificate_provider_instance");
            context.Refuse(common.TlsCertificateCertificateProviderInstance is not null, "tls_certificate_certificate_provider_instance");
            context.Refuse(common.CustomTlsCertificateSelector is not null, "custom_tls_certificate_selector");
            context.Refuse(common.CustomHandshaker is not null, "custom_handshaker");
            context.Refuse(common.TlsCertificateSdsSecretConfigs.Count > 1, "tls_certificate_sds_secret_configs[1]");
            var certificate = SecretNames.Certificate(common.TlsCertificateSdsSecretConfigs[0].Name, "tls_certificate_sds_secret_configs[0].name", context);
            var (roots, names) = Clients(common, context);
            if (tls.RequireClientCertificate == true && roots is null)
            {
                context.Error("validation_context", "require_client_certificate needs roots");
            }

            var parameters = TlsParametersDecoder.Decode(common.TlsParams, context, maySettleForLess: true);
            return certificate is null ? null : new DownstreamTlsConfig("", null, tls.RequireClientCertificate == true)
            {
                Served = new ServedTlsConfig(certificate, roots) { SubjectAltNames = names },
                Parameters = parameters,
            };
        }
    }

    private static (CredentialConfig? Roots, EquatableArray<StringMatchConfig> Names) Clients(CommonTlsContext common, DecodeContext context)
    {
        const string Combined = "combined_validation_context";
        switch (common.ValidationContextTypeCase)
        {
            case Validation.None:
                return (null, []);
            case Validation.ValidationContextSdsSecretConfig:
                return (SecretNames.Roots(common.ValidationContextSdsSecretConfig.Name, "validation_context_sds_secret_config.name", context), []);
            case Validation.CombinedValidationContext when common.CombinedValidationContext is { ValidationContextSdsSecretConfig: { } secret } combined:
                context.Refuse(combined.ValidationContextCertificateProviderInstance is not null, $"{Combined}.validation_context_certificate_provider_instance");
                var roots = SecretNames.Roots(secret.Name, $"{Combined}.validation_context_sds_secret_config.name", context);
                if (combined.DefaultValidationContext is not { } own)
                {
                    return (roots, []);
                }

                using (context.Enter($"{Combined}.default_validation_context"))
                {
                    CommonTlsDecoder.CheckValidation(own, context);
                    context.Refuse(own.TrustedCa is not null, "trusted_ca");
                    context.Refuse(own.CaCertificateProviderInstance is not null, "ca_certificate_provider_instance");
                    return (roots, SubjectAltNameDecoder.Decode(own, context));
                }

            default:
                context.Error("validation_context_type", "must name a secret, as the certificate does");
                return (null, []);
        }
    }
}
