using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.FunctionalTests.RequestAuthentication;

/// <summary>The issuer's server, outside the mesh: OpenID configuration and keys, which a test can change or take away.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile string? _keys;
    private int _fetches;

    private KeyServer(WebApplication app) => _app = app;

    /// <summary>Null: 500.</summary>
    public string? Keys
    {
        get => _keys;
        set => _keys = value;
    }

    /// <summary>Of the keys, so far.</summary>
    public int Fetches => Volatile.Read(ref _fetches);

    public string Issuer => _app.Urls.First();

    public static async Task<KeyServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new KeyServer(builder.Build());
        server._app.MapGet("/.well-known/openid-configuration", () => new { issuer = server.Issuer, jwks_uri = server.Issuer + "/keys" });
        server._app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref server._fetches);
            return server.Keys is { } keys ? Results.Text(keys, "application/json") : Results.StatusCode((int)HttpStatusCode.InternalServerError);
        });
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
