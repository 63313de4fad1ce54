using System.Collections.Concurrent;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>A workload with the policies of performance.md's attack table (DENY /admin), and a workload that may call it.</summary>
public sealed class AttackedMesh : IAsyncLifetime
{
    private const string Policies = """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: no-admin }
        spec:
          action: DENY
          rules: [ { to: [ { operation: { paths: [ /admin, "/admin/*" ] } } ] } ]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: no-admin-host }
        spec:
          action: DENY
          rules: [ { to: [ { operation: { hosts: [ admin.example ] } } ] } ]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: from-inside }
        spec:
          action: DENY
          rules: [ { from: [ { source: { notRemoteIpBlocks: [ 10.0.0.0/8 ] } } ], to: [ { operation: { paths: [ /inside ] } } ] } ]
        ---
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: { name: users }
        spec:
          jwtRules:
          - issuer: https://issuer.test
            jwks: 'KEYS'
            outputClaimToHeaders: [ { header: x-user, claim: sub } ]
        """;

    private readonly ConcurrentQueue<string> _seen = new();
    private MeshEnvironment? _mesh;
    private WorkloadApp? _app;
    private MeshClient? _client;

    internal WorkloadApp App => _app!;

    /// <summary>Who attacks nobody.</summary>
    internal MeshClient Client => _client!;

    /// <summary>Paths that came through to the app.</summary>
    internal IReadOnlyCollection<string> Seen => _seen;

    public async Task InitializeAsync()
    {
        using var issuer = new TestIssuer();
        _mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("policies.yaml", Policies.Replace("KEYS", issuer.KeySet, StringComparison.Ordinal)));
        _app = await _mesh.StartWorkloadAsync("reviews", map: Map);
        _client = await _mesh.StartClientAsync();
        await _client.UntilAsync("http://reviews:9080/", _ => true);
        using var refused = await _client.UntilAsync("http://reviews:9080/admin", 403);
    }

    public Task DisposeAsync() => _mesh!.DisposeAsync().AsTask();

    internal Task<Wire> OpenAsync(bool secure, SslApplicationProtocol protocol) =>
        secure ? Wire.OpenAsync(App.EndPoint, Client.Identity, protocol) : Wire.OpenAsync(App.EndPoint);

    internal async Task<Http2Attack> OpenHttp2Async(bool secure, uint streamWindow = int.MaxValue)
    {
        var wire = await OpenAsync(secure, SslApplicationProtocol.Http2);
        var attack = new Http2Attack(wire.Stream);
        await attack.OpenAsync(streamWindow);
        return attack;
    }

    /// <summary>The app serves on, by mutual TLS and plaintext.</summary>
    internal async Task AssertServesAsync()
    {
        Assert.NotNull((await Client.AskAsync("http://reviews:9080/clean")).Peer);
        using var curl = new HttpClient();
        using var answer = await curl.GetAsync(new Uri($"http://{App.EndPoint}/clean"));
        Assert.True(answer.IsSuccessStatusCode);
    }

    private void Map(WebApplication app)
    {
        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            _seen.Enqueue(context.Request.Path.Value!);
            if (context.Request.Method == "POST")
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            }

            await next(context);
        });
        app.MapGet("/big", (HttpContext context) => context.Response.Body.WriteAsync(new byte[1024 * 1024], context.RequestAborted).AsTask());
    }
}
