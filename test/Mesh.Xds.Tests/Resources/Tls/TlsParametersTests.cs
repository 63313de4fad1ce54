using System.Net.Security;
using System.Security.Authentication;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Tls;
using Protocol = Envoy.Extensions.TransportSockets.Tls.V3.TlsParameters.Types.TlsProtocol;

namespace ProxylessMesh.Xds.Tests.Resources.Tls;

/// <summary>Versions and cipher suites; what the platform cannot keep to is refused rather than ignored.</summary>
public sealed class TlsParametersTests
{
    private static readonly Dictionary<string, (Action<TlsParameters> Break, string Error)> Broken = new()
    {
        ["TLS 1.0"] = (t => t.TlsMinimumProtocolVersion = Protocol.Tlsv10, "tls_params.tls_minimum_protocol_version: is not supported"),
        ["TLS 1.1"] = (t => t.TlsMinimumProtocolVersion = Protocol.Tlsv11, "tls_params.tls_minimum_protocol_version: is not supported"),
        ["a maximum"] = (t => t.TlsMaximumProtocolVersion = Protocol.Tlsv12, "tls_params.tls_maximum_protocol_version: is not supported"),
        ["curves"] = (t => t.EcdhCurves.Add("P-256"), "tls_params.ecdh_curves: is not supported"),
        ["signatures"] = (t => t.SignatureAlgorithms.Add("x"), "tls_params.signature_algorithms: is not supported"),
        ["compliance"] = (t => t.CompliancePolicies.Add(TlsParameters.Types.CompliancePolicy.Fips202205), "tls_params.compliance_policies: is not supported"),
        ["a weak suite"] = (t => t.CipherSuites.Add("DES-CBC3-SHA"), "tls_params.cipher_suites[0]: \"DES-CBC3-SHA\" is not one of"),
        ["a list of equals"] = (t => t.CipherSuites.Add("[ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]"), "is not one of"),
    };

    public static TheoryData<string> Mistakes => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_would_be_left_out_is_refused(string what)
    {
        var parameters = new TlsParameters();
        Broken[what].Break(parameters);
        var context = new DecodeContext();

        TlsParametersDecoder.Decode(parameters, context);

        Assert.Contains(Broken[what].Error, Assert.Single(context.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Istios_usual_settings_are_ours() => Assert.Null(TlsParametersDecoder.Decode(
        new TlsParameters { TlsMinimumProtocolVersion = Protocol.Tlsv12, TlsMaximumProtocolVersion = Protocol.Tlsv13 }, new DecodeContext()));

    [Fact]
    public void A_gateway_may_stop_at_1_2() => Assert.Equal(
        SslProtocols.Tls12,
        TlsParametersDecoder.Decode(new TlsParameters { TlsMaximumProtocolVersion = Protocol.Tlsv12 }, new DecodeContext(), maySettleForLess: true)!.Protocols);

    [Fact]
    public void Suites_of_1_2_leave_those_of_1_3_alone()
    {
        var config = TlsParametersDecoder.Decode(new TlsParameters { CipherSuites = { "ECDHE-RSA-AES128-GCM-SHA256" } }, new DecodeContext())!;

        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, config.Protocols);
        Assert.True(config.Allows(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256));
        Assert.False(config.Allows(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384));
        Assert.True(config.Allows(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256));
    }
}
