using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>UpstreamTlsContext (gRFC A29).</summary>
internal static class UpstreamTlsDecoder
{
    private const int MaxSniLength = 255;

    public static UpstreamTlsConfig? Decode(UpstreamTlsContext tls, DecodeContext context)
    {
        context.Refuse(tls.AllowRenegotiation, "allow_renegotiation");
        if (tls.Sni.Length > MaxSniLength)
        {
            context.Error("sni", $"is longer than {MaxSniLength}");
        }

        if (TlsOriginationDecoder.Applies(tls))
        {
            return TlsOriginationDecoder.Decode(tls, context);
        }

        // Peers of the mesh prove SPIFFE ids, not host names.
        context.Refuse(tls.AutoHostSni, "auto_host_sni");
        context.Refuse(tls.AutoSniSanValidation, "auto_sni_san_validation");
        if (CommonTlsDecoder.Decode(tls.CommonTlsContext, context) is not { } common)
        {
            return null;
        }

        using (context.Enter("common_tls_context"))
        {
            var names = SubjectAltNames(common, context);
            if (common.RootsProvider is null)
            {
                context.Error("validation_context", "ca_certificate_provider_instance is missing: without roots no server could be trusted");
                return null;
            }

            return new UpstreamTlsConfig(
                common.IdentityProvider,
                common.RootsProvider,
                names,
                tls.Sni,
                tls.CommonTlsContext.AlpnProtocols.ToEquatableArray())
            {
                Parameters = common.Parameters,
            };
        }
    }

    private static EquatableArray<StringMatchConfig> SubjectAltNames(CommonTls common, DecodeContext context)
    {
        if (common.Validation is null)
        {
            return [];
        }

        using (context.Enter(common.ValidationField!))
        {
            return SubjectAltNameDecoder.Decode(common.Validation, context);
        }
    }
}
