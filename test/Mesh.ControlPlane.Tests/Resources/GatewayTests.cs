using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class GatewayTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    [InlineData("v1alpha3")]
    public void Reads_every_field(string version)
    {
        var gateway = Reading.Good<Gateway>($$"""
            apiVersion: networking.istio.io/{{version}}
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - name: plain
                port: {number: 80, name: http, protocol: http}
                hosts: ["./Shop.example.com", "*/*.example.com", "other/a.example.com", "*"]
                tls: {httpsRedirect: true}
              - port: {number: 443, name: https, protocol: HTTPS}
                hosts: [shop.example.com]
                tls:
                  mode: MUTUAL
                  serverCertificate: /etc/certs/cert.pem
                  privateKey: /etc/certs/key.pem
                  caCertificates: /etc/certs/ca.pem
                  subjectAltNames: [client.example.com]
                  minProtocolVersion: TLSV1_2
                  maxProtocolVersion: TLSV1_2
                  cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384]
              - port: {number: 8443, name: grpc, protocol: HTTPS}
                hosts: [grpc.example.com]
                tls: {mode: OPTIONAL_MUTUAL, credentialName: grpc-cert, caCertCredentialName: clients, minProtocolVersion: TLSV1_3}
            """);

        Assert.Equal("ingressgateway", gateway.Selector.Find("istio"));
        Assert.Equal([(80, "http"), (443, "https"), (8443, "grpc")], gateway.Servers.Select(s => (s.Port, s.PortName)));
        Assert.Equal(
            [new("shop", "shop.example.com"), new(null, "*.example.com"), new("other", "a.example.com"), new(null, "*")], gateway.Servers[0].Hosts);
        Assert.True(gateway.Servers[0] is { Tls: null, HttpsRedirect: true });
        Assert.True(gateway.Servers[1].Tls is
        {
            Mode: GatewayTlsMode.Mutual, CertificateFile: "/etc/certs/cert.pem", KeyFile: "/etc/certs/key.pem", RootsFile: "/etc/certs/ca.pem", Only12: true, Only13: false,
        });
        Assert.Equal(["client.example.com"], gateway.Servers[1].Tls!.SubjectAltNames);
        Assert.True(gateway.Servers[2].Tls is { Mode: GatewayTlsMode.OptionalMutual, Credential: "grpc-cert", RootsCredential: "clients", Only13: true });
    }

    [Theory]
    [InlineData("protocol: TLS", "error MESH1012", "\"TLS\" is not supported yet")]
    [InlineData("protocol: MONGO", "error MESH1012", "\"MONGO\" is not supported yet")]
    [InlineData("protocol: HTTPX", "error MESH1016", "is not one of HTTP, HTTPS")]
    public void Protocols_that_are_not_of_HTTP_are_refused(string protocol, string code, string text)
    {
        var problem = Assert.Single(Reading.Problems($$"""
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec: {servers: [{port: {number: 80, name: a, {{protocol}} }, hosts: ["*"]}]}
            """));

        Assert.Contains(code, problem, StringComparison.Ordinal);
        Assert.Contains(text, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mode: AUTO_PASSTHROUGH, credentialName: a", "MESH1012")]
    [InlineData("mode: ISTIO_MUTUAL, credentialName: a", "MESH1012")]
    [InlineData("credentialName: a", "PASSTHROUGH when it is not given")]
    [InlineData("mode: SIMPLE, credentialName: ../../etc", "is not the name of a Secret")]
    [InlineData("mode: SIMPLE, credentialName: a, serverCertificate: /c", "cannot stand beside files")]
    [InlineData("mode: SIMPLE, serverCertificate: /c", "needs credentialName, or serverCertificate and privateKey")]
    [InlineData("mode: SIMPLE, serverCertificate: /c~/d, privateKey: /k", "which a path here cannot")]
    [InlineData("mode: SIMPLE, credentialName: a, subjectAltNames: [b]", "mode SIMPLE asks none")]
    [InlineData("mode: SIMPLE, credentialName: a, httpsRedirect: true", "this one is https already")]
    [InlineData("mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_0", "MESH1012")]
    [InlineData("mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_2", "is below minProtocolVersion")]
    [InlineData("mode: SIMPLE, credentialName: a, cipherSuites: [RC4]", "is not the name of a cipher suite")]
    [InlineData("mode: MUTUAL, credentialName: a, verifyCertificateHash: [b]", "MESH1012")]
    public void TLS_that_would_not_be_what_it_says_is_refused(string tls, string text)
    {
        var problem = Assert.Single(Reading.Problems($$"""
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec: {servers: [{port: {number: 443, name: a, protocol: HTTPS}, hosts: ["*"], tls: { {{tls}} } }]}
            """));

        Assert.Contains(text, problem, StringComparison.Ordinal);
    }
}
