using System.Net.Security;
using System.Security.Authentication;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using Protocol = Envoy.Extensions.TransportSockets.Tls.V3.TlsParameters.Types.TlsProtocol;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>TlsParameters: versions and cipher suites. Curves and signature algorithms are the platform's, so to name some is refused.</summary>
internal static class TlsParametersDecoder
{
    private const string Field = "tls_params";
    private const SslProtocols Both = SslProtocols.Tls12 | SslProtocols.Tls13;

    public static TlsParametersConfig? Decode(TlsParameters? parameters, DecodeContext context, bool maySettleForLess = false)
    {
        if (parameters is null)
        {
            return null;
        }

        using (context.Enter(Field))
        {
            context.Refuse(parameters.EcdhCurves.Count > 0, "ecdh_curves");
            context.Refuse(parameters.SignatureAlgorithms.Count > 0, "signature_algorithms");
            context.Refuse(parameters.CompliancePolicies.Count > 0, "compliance_policies");
            var protocols = Protocols(parameters, context, maySettleForLess);
            var suites = Suites(parameters, context);
            return protocols == Both && suites.Count == 0 ? null : new TlsParametersConfig(protocols, suites);
        }
    }

    // A maximum below the newest version only weakens: within the mesh nothing asks for one, at its edge old clients may.
    private static SslProtocols Protocols(TlsParameters parameters, DecodeContext context, bool maySettleForLess)
    {
        var lowest = parameters.TlsMinimumProtocolVersion;
        context.Refuse(lowest is Protocol.Tlsv10 or Protocol.Tlsv11, "tls_minimum_protocol_version");
        var only13 = lowest == Protocol.Tlsv13;
        var only12 = parameters.TlsMaximumProtocolVersion == Protocol.Tlsv12;
        context.Refuse(
            only12 ? only13 || !maySettleForLess : parameters.TlsMaximumProtocolVersion is not (Protocol.TlsAuto or Protocol.Tlsv13), "tls_maximum_protocol_version");
        return only13 ? SslProtocols.Tls13 : only12 ? SslProtocols.Tls12 : Both;
    }

    private static EquatableArray<TlsCipherSuite> Suites(TlsParameters parameters, DecodeContext context)
    {
        var suites = new List<TlsCipherSuite>();
        for (var i = 0; i < parameters.CipherSuites.Count; i++)
        {
            using (context.Enter("cipher_suites", i))
            {
                if (CipherSuiteNames.TryGet(parameters.CipherSuites[i], out var suite))
                {
                    suites.Add(suite);
                }
                else
                {
                    context.Error($"{DecodeContext.Quote(parameters.CipherSuites[i])} is not one of {string.Join(", ", CipherSuiteNames.All)}");
                }
            }
        }

        return suites.ToEquatableArray();
    }
}
