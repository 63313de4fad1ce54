using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class MeshConfigTests
{
    [Fact]
    public void Reads_every_field_of_a_provider()
    {
        var config = Reading.Good<MeshConfig>("""
            apiVersion: proxylessmesh.io/v1alpha1
            kind: MeshConfig
            metadata: {name: istio, namespace: istio-system}
            spec:
              extensionProviders:
              - name: http
                envoyExtAuthzHttp:
                  service: default/authz.default.svc.cluster.local
                  port: 8000
                  timeout: 1s
                  pathPrefix: /check
                  failOpen: true
                  clearRouteCache: true
                  statusOnError: "503"
                  includeRequestHeadersInCheck: [x-a, "x-b-*"]
                  includeAdditionalHeadersInCheck: {x-c: d}
                  includeRequestBodyInCheck: {maxRequestBytes: 100, allowPartialMessage: true, packAsBytes: true}
                  headersToUpstreamOnAllow: [x-user]
                  headersToDownstreamOnDeny: [x-reason]
                  headersToDownstreamOnAllow: [set-cookie]
              - name: grpc
                envoyExtAuthzGrpc: {service: authz.example.com, port: 9000}
            """);

        var http = config.Providers[0];
        Assert.Equal(("authz.default.svc.cluster.local", 8000, TimeSpan.FromSeconds(1), true, 503), (http.Host, http.Port, http.Timeout, http.FailsOpen, http.StatusOnError));
        Assert.Equal(["x-a", "x-b-*"], http.Http!.IncludedHeaders);
        Assert.Equal((100, true, true), (http.Body!.MaxBytes, http.Body.AllowPartial, http.Body.AsBytes));
        var grpc = config.Providers[1];
        Assert.Equal((null, TimeSpan.FromMinutes(10), false, 403), (grpc.Http, grpc.Timeout, grpc.FailsOpen, grpc.StatusOnError));
    }

    [Theory]
    [InlineData("{envoyExtAuthzGrpc: {service: a.b, port: 1}}", "name is missing")]
    [InlineData("{name: a}", "MESH1163")]
    [InlineData("{name: a, envoyExtAuthzGrpc: {service: a.b, port: 1}, envoyExtAuthzHttp: {service: a.b, port: 1}}", "MESH1163")]
    [InlineData("{name: a, envoyExtAuthzGrpc: {service: authz, port: 1}}", "is not a full host name")]
    [InlineData("{name: a, envoyExtAuthzGrpc: {service: a.b}}", "port is missing")]
    [InlineData("{name: a, envoyExtAuthzGrpc: {service: a.b, port: 1, statusOnError: '200'}}", "is not a status")]
    [InlineData("{name: a, envoyExtAuthzGrpc: {service: a.b, port: 1, includeRequestBodyInCheck: {}}}", "maxRequestBytes is missing")]
    [InlineData("{name: a, envoyExtAuthzGrpc: {service: a.b, port: 1, pathPrefix: /a}}", "pathPrefix is an unknown field")]
    [InlineData("{name: a, envoyExtAuthzHttp: {service: a.b, port: 1, pathPrefix: 'a b'}}", "is not a path")]
    [InlineData("{name: a, envoyExtAuthzHttp: {service: a.b, port: 1, headersToUpstreamOnAllow: [host]}}", "is not the name of a header")]
    [InlineData("{name: a, zipkin: {service: a.b}}", "zipkin is not supported yet")]
    public void Says_what_is_wrong(string provider, string problem) => Assert.Contains(
        Reading.Problems($$"""
            apiVersion: proxylessmesh.io/v1alpha1
            kind: MeshConfig
            metadata: {name: istio, namespace: istio-system}
            spec: {extensionProviders: [{{provider}}]}
            """),
        p => p.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("{action: CUSTOM, rules: [{}]}")]
    [InlineData("{action: DENY, provider: {name: a}, rules: [{}]}")]
    public void A_provider_belongs_to_CUSTOM(string spec) => Assert.Contains(
        Reading.Problems($$"""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: a}
            spec: {{spec}}
            """),
        p => p.Contains("MESH1018", StringComparison.Ordinal));
}
