using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Sidecar;

/// <summary>An app that knows nothing of the mesh. What it does not map it answers with an <see cref="Answer"/>.</summary>
internal sealed class ForeignApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ForeignApp(WebApplication app) => _app = app;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);

    public static async Task<ForeignApp> StartAsync(Action<WebApplication>? map = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        map?.Invoke(app);
        app.MapFallback("{**path}", (HttpContext context) => context.Response.WriteAsJsonAsync(new Answer(
            "foreign",
            null,
            context.Request.Scheme,
            context.Request.Host.Value!,
            context.Request.Protocol,
            context.Request.Path,
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal))));
        await app.StartAsync();
        return new ForeignApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
