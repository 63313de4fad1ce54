using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Sidecar.Tests.Fixture;

/// <summary>The app behind a forwarder; HTTP/1.1 and HTTP/2 on ports of their own.</summary>
internal sealed class UpstreamApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private UpstreamApp(WebApplication app) => _app = app;

    public IPEndPoint Http1 => At(0);

    public IPEndPoint Http2 => At(1);

    public static async Task<UpstreamApp> StartAsync(RequestDelegate serve, Action<WebApplication>? use = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        use?.Invoke(app);
        app.Run(serve);
        await app.StartAsync();
        return new UpstreamApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private IPEndPoint At(int index) => new(IPAddress.Loopback, new Uri(_app.Urls.ElementAt(index)).Port);
}
