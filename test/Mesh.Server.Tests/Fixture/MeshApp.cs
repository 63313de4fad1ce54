using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>A real Kestrel app on a port of the system's choice, as a user writes one.</summary>
internal sealed class MeshApp : IAsyncDisposable
{
    private MeshApp(WebApplication app, CollectedLogs logs)
    {
        App = app;
        Logs = logs;
    }

    public WebApplication App { get; }

    public CollectedLogs Logs { get; }

    public string Address => App.Urls.First();

    public IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(Address).Port);

    public static async Task<MeshApp> StartAsync(
        ScriptedMesh mesh,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        string? urls = "http://127.0.0.1:0",
        bool slim = false)
    {
        var logs = new CollectedLogs();
        var builder = slim ? WebApplication.CreateSlimBuilder() : WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        if (urls is not null)
        {
            builder.WebHost.UseUrls(urls);
        }

        builder.Services.AddSingleton<IInboundMesh>(mesh);
        builder.Services.AddInbound();
        build?.Invoke(builder);
        var app = builder.Build();
        app.MapGet("/whoami", (HttpContext c) => $"{c.GetMeshPeer()?.Id.ToString() ?? "plaintext"} {c.Request.Protocol} {c.Request.Scheme}");
        app.MapPost("/length", async (HttpRequest r) =>
        {
            var buffer = new byte[64 * 1024];
            long total = 0;
            for (int n; (n = await r.Body.ReadAsync(buffer)) > 0;)
            {
                total += n;
            }

            return total.ToString(System.Globalization.CultureInfo.InvariantCulture);
        });
        map?.Invoke(app);
        await app.StartAsync();
        return new MeshApp(app, logs);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(new CancellationToken(canceled: true));
        await App.DisposeAsync();
    }
}
