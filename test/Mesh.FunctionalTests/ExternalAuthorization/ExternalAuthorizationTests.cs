using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Rpc;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.ExternalAuthorization;

/// <summary>CUSTOM policies from YAML over a real control plane to a real app that asks real services.</summary>
public sealed class ExternalAuthorizationTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task A_grpc_service_decides_about_what_the_policy_names()
    {
        CheckRequest? asked = null;
        await using var service = await Authorizer.OverGrpcAsync(check =>
        {
            asked = check;
            var isAllowed = check.Attributes.Request.Http.Headers.TryGetValue("x-ext-authz", out var value) && value == "allow";
            return isAllowed
                ? new CheckResponse { Status = new Status(), OkResponse = new OkHttpResponse { Headers = { new HeaderValueOption { Header = new HeaderValue { Key = "x-checked", Value = "yes" } } } } }
                : new CheckResponse { Status = new Status { Code = 7 }, DeniedResponse = new DeniedHttpResponse { Body = "denied by the service" } };
        });
        await using var mesh = await StartAsync(service.Port, "envoyExtAuthzGrpc", "");
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        using (var refused = await client.UntilAsync(Url + "admin", 403))
        {
            Assert.Equal("denied by the service", await refused.Content.ReadAsStringAsync());
        }

        Assert.Equal("yes", (await client.AskAsync(Url + "admin?a=b", ("x-ext-authz", "allow"))).Headers["x-checked"]);
        var attributes = asked!.Attributes;
        Assert.Equal(("GET", "/admin?a=b", "reviews:9080"), (attributes.Request.Http.Method, attributes.Request.Http.Path, attributes.Request.Http.Host));
        Assert.Equal("spiffe://cluster.local/ns/default/sa/client", attributes.Source.Principal);
        Assert.Equal("spiffe://cluster.local/ns/default/sa/reviews", attributes.Destination.Principal);
        Assert.DoesNotContain("x-checked", (await client.AskAsync(Url)).Headers.Keys);

        await service.DisposeAsync();
        using var closed = await client.GetAsync(Url + "admin", ("x-ext-authz", "allow"));
        Assert.Equal(403, (int)closed.StatusCode);
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);
    }

    [Fact]
    public async Task An_http_service_decides_and_a_provider_that_is_gone_closes()
    {
        await using var service = await Authorizer.OverHttpAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers["x-ext-authz"] == "allow" ? 200 : 403;
            context.Response.Headers["x-checked"] = context.Request.Path.Value;
            return Task.CompletedTask;
        });
        await using var mesh = await StartAsync(service.Port, "envoyExtAuthzHttp", "includeRequestHeadersInCheck: [ x-ext-authz ], headersToUpstreamOnAllow: [ x-checked ], pathPrefix: /check");
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        (await client.UntilAsync(Url + "admin", 403)).Dispose();
        Assert.Equal("/check/admin", (await client.AskAsync(Url + "admin", ("x-ext-authz", "allow"))).Headers["x-checked"]);

        mesh.Write("mesh.yaml", Config(service.Port, "envoyExtAuthzHttp", "").Replace("name: sample", "name: other", StringComparison.Ordinal));
        await Poll.UntilAsync(
            async () =>
            {
                using var answer = await client.GetAsync(Url + "admin", ("x-ext-authz", "allow"));
                return (int)answer.StatusCode == 403;
            },
            () => "a policy without provider lets requests through");
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);
    }

    private static Task<MeshEnvironment> StartAsync(int port, string kind, string fields) => MeshEnvironment.StartAsync(
        ("services.yaml", Yaml.Service("reviews")),
        ("mesh.yaml", Config(port, kind, fields)),
        ("policy.yaml", """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: ask, namespace: default }
            spec:
              selector: { matchLabels: { app: reviews } }
              action: CUSTOM
              provider: { name: sample }
              rules:
              - to: [ { operation: { paths: [ /admin ] } } ]
            """));

    private static string Config(int port, string kind, string fields) => $$"""
        apiVersion: proxylessmesh.io/v1alpha1
        kind: MeshConfig
        metadata: { name: istio, namespace: istio-system }
        spec:
          extensionProviders:
          - name: sample
            {{kind}}: { service: authz.test, port: 9000, timeout: 10s{{(fields.Length == 0 ? "" : ", " + fields)}} }
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: authz, namespace: default }
        spec:
          hosts: [ authz.test ]
          resolution: STATIC
          ports: [ { number: 9000, name: {{(kind == "envoyExtAuthzGrpc" ? "grpc" : "http")}}, targetPort: {{port}} } ]
          endpoints: [ { address: 127.0.0.1 } ]
        """;
}
