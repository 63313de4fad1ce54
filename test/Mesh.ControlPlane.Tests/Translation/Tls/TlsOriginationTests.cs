using Google.Protobuf;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Tls;

public class TlsOriginationTests
{
    [Theory]
    [InlineData(
        "api.example.com",
        "mode: SIMPLE",
        """{ "commonTlsContext": { "validationContext": { "matchTypedSubjectAltNames": [ { "sanType": "DNS", "matcher": { "exact": "api.example.com" } } ], "systemRootCerts": { } } }, "sni": "api.example.com" }""")]
    [InlineData(
        "api.example.com",
        "mode: SIMPLE, sni: front.example.com, caCertificates: /ca.pem, subjectAltNames: [a, b]",
        """{ "commonTlsContext": { "validationContext": { "trustedCa": { "filename": "/ca.pem" }, "matchSubjectAltNames": [ { "exact": "a" }, { "exact": "b" } ] } }, "sni": "front.example.com" }""")]
    [InlineData(
        "api.example.com",
        "mode: MUTUAL, clientCertificate: /tls.crt, privateKey: /tls.key, insecureSkipVerify: true",
        """{ "commonTlsContext": { "tlsCertificates": [ { "certificateChain": { "filename": "/tls.crt" }, "privateKey": { "filename": "/tls.key" } } ], "validationContext": { "trustChainVerification": "ACCEPT_UNTRUSTED" } }, "sni": "api.example.com" }""")]
    [InlineData(
        "*.example.com",
        "mode: SIMPLE",
        """{ "commonTlsContext": { "validationContext": { "systemRootCerts": { } } }, "autoHostSni": true, "autoSniSanValidation": true }""")]
    public void TlsBecomesEnvoysUpstreamTlsContext(string host, string tls, string expected)
    {
        var entry = Mesh.ServiceEntry("e", host, host[0] == '*' ? ServiceEntryResolution.None : ServiceEntryResolution.Dns);
        var cluster = Translate.Cluster(Mesh.Of(entry, Reading.Good<DestinationRule>(Yaml(host, tls))), Mesh.Client(), $"outbound|80||{host}")!;

        Assert.Equal(expected, cluster.TransportSocket.TypedConfig.Unpack<UpstreamTlsContext>().ToString());
        var decoded = ResourceKinds.Cluster.Decode(cluster.ToByteString());
        Assert.Empty(decoded.Errors);
        Assert.NotNull(Assert.IsType<ClusterConfig>(decoded.Value).Tls?.Origination);
    }

    [Theory]
    [InlineData("mode: MUTUAL, privateKey: /a", "spec.trafficPolicy.tls.clientCertificate is missing")]
    [InlineData("mode: MUTUAL, clientCertificate: /a, privateKey: ''", "spec.trafficPolicy.tls.privateKey is missing")]
    [InlineData("mode: SIMPLE, clientCertificate: /a", "spec.trafficPolicy.tls.clientCertificate is for MUTUAL")]
    [InlineData("mode: ISTIO_MUTUAL, sni: a", "spec.trafficPolicy.tls.sni is for SIMPLE and MUTUAL, not ISTIO_MUTUAL")]
    [InlineData("mode: SIMPLE, insecureSkipVerify: true, caCertificates: /a", "spec.trafficPolicy.tls.caCertificates is not looked at with insecureSkipVerify")]
    [InlineData("mode: SIMPLE, subjectAltNames: ['']", "spec.trafficPolicy.tls.subjectAltNames has an empty name")]
    [InlineData("mode: SIMPLE, credentialName: a", "spec.trafficPolicy.tls.credentialName is not supported yet")]
    [InlineData("mode: SIMPLE, caCrl: a", "spec.trafficPolicy.tls.caCrl is not supported yet")]
    public void WhatCannotBeMeantIsTold(string tls, string expected) =>
        Assert.Contains(Reading.Problems(Yaml("api.example.com", tls)), p => p.Contains(expected, StringComparison.Ordinal));

    private static string Yaml(string host, string tls) => $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: e}
        spec:
          host: "{{host}}"
          trafficPolicy:
            tls: { {{tls}} }
        """;
}
