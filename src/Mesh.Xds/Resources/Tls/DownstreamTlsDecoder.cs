using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>DownstreamTlsContext (gRFCs A29 and A36).</summary>
internal static class DownstreamTlsDecoder
{
    public static DownstreamTlsConfig? Decode(DownstreamTlsContext tls, DecodeContext context)
    {
        context.Refuse(tls.RequireSni == true, "require_sni");
        context.Refuse(tls.OcspStaplePolicy != DownstreamTlsContext.Types.OcspStaplePolicy.LenientStapling, "ocsp_staple_policy");
        context.Refuse(
            tls.SessionTicketKeysTypeCase == DownstreamTlsContext.SessionTicketKeysTypeOneofCase.SessionTicketKeysSdsSecretConfig,
            "session_ticket_keys_sds_secret_config");
        context.Refuse(tls.DisableStatelessSessionResumption, "disable_stateless_session_resumption");
        context.Refuse(tls.DisableStatefulSessionResumption, "disable_stateful_session_resumption");
        if (ServedTlsDecoder.Applies(tls))
        {
            return ServedTlsDecoder.Decode(tls, context);
        }

        if (CommonTlsDecoder.Decode(tls.CommonTlsContext, context) is not { } common)
        {
            return null;
        }

        using (context.Enter("common_tls_context"))
        {
            if (common.Validation is { } validation)
            {
                // Who may call is said by RBAC, not here (gRFC A29: servers refuse SAN matchers).
                context.Refuse(
                    validation.MatchSubjectAltNames.Count > 0 || validation.MatchTypedSubjectAltNames.Count > 0,
                    $"{common.ValidationField}.match_subject_alt_names");
            }

            if (tls.RequireClientCertificate == true && common.RootsProvider is null)
            {
                context.Error("validation_context", "require_client_certificate needs a ca_certificate_provider_instance");
            }

            if (common.IdentityProvider is null)
            {
                context.Error("tls_certificate_provider_instance", "is missing: a server needs a certificate");
                return null;
            }

            return new DownstreamTlsConfig(common.IdentityProvider, common.RootsProvider, tls.RequireClientCertificate == true)
            {
                Parameters = common.Parameters,
            };
        }
    }
}
