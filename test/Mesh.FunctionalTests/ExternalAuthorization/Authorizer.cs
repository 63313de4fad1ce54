using Envoy.Service.Auth.V3;
using Google.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.ExternalAuthorization;

/// <summary>A service that decides, outside the mesh, and the configuration that names it.</summary>
internal sealed class Authorizer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Authorizer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    public static Task<Authorizer> OverGrpcAsync(Func<CheckRequest, CheckResponse> decide) => OverGrpcAsync((request, _) => Task.FromResult(decide(request)));

    public static Task<Authorizer> OverGrpcAsync(Func<CheckRequest, CancellationToken, Task<CheckResponse>> decide) =>
        StartAsync(HttpProtocols.Http2, app => app.MapGrpcUnary<CheckRequest, CheckResponse>(WellKnownMethods.Check, (request, _, stop) => decide(request, stop)));

    public static Task<Authorizer> OverHttpAsync(RequestDelegate decide) => StartAsync(HttpProtocols.Http1, app => app.Run(decide));

    public static CheckResponse Allow(params (string Name, string Value)[] responseHeaders)
    {
        var ok = new OkHttpResponse();
        foreach (var (name, value) in responseHeaders)
        {
            ok.ResponseHeadersToAdd.Add(new Envoy.Config.Core.V3.HeaderValueOption { Header = new Envoy.Config.Core.V3.HeaderValue { Key = name, Value = value } });
        }

        return new CheckResponse { Status = new Status(), OkResponse = ok };
    }

    public static CheckResponse Deny(string body) =>
        new() { Status = new Status { Code = (int)GrpcStatusCode.PermissionDenied }, DeniedResponse = new DeniedHttpResponse { Body = body } };

    /// <summary>An extension provider of the name, and the host that it calls.</summary>
    /// <param name="name">Of the provider.</param>
    /// <param name="fields">More of its fields, in flow style.</param>
    /// <param name="kind">Of the provider.</param>
    public (string Provider, string Entry) Config(string name, string fields = "timeout: 10s", string kind = "envoyExtAuthzGrpc") => (
        $$"""
          - name: {{name}}
            {{kind}}: { service: {{name}}.test, port: 9000, {{fields}} }
        """,
        $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: {{name}}, namespace: default }
        spec:
          hosts: [ {{name}}.test ]
          resolution: STATIC
          ports: [ { number: 9000, name: {{(kind == "envoyExtAuthzGrpc" ? "grpc" : "http")}}, targetPort: {{Port}} } ]
          endpoints: [ { address: 127.0.0.1 } ]
        """);

    /// <summary>A MeshConfig with these providers, and their hosts.</summary>
    public static string MeshConfig(params (string Provider, string Entry)[] configs) => $$"""
        apiVersion: proxylessmesh.io/v1alpha1
        kind: MeshConfig
        metadata: { name: istio, namespace: istio-system }
        spec:
          extensionProviders:
        {{string.Join('\n', configs.Select(c => c.Provider))}}
        ---
        {{string.Join("\n---\n", configs.Select(c => c.Entry))}}
        """;

    /// <summary>A CUSTOM policy for all requests of an app.</summary>
    public static string Policy(string app, string provider) => $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: ask-{{provider}}, namespace: default }
        spec: { selector: { matchLabels: { app: {{app}} } }, action: CUSTOM, provider: { name: {{provider}} }, rules: [ {} ] }
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<Authorizer> StartAsync(HttpProtocols protocols, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.ConfigureEndpointDefaults(l => l.Protocols = protocols));
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new Authorizer(app);
    }
}
