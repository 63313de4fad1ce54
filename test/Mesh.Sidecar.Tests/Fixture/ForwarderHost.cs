using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Sidecar.Forwarding;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Sidecar.Tests.Fixture;

/// <summary>A Kestrel that forwards all it gets to one destination; HTTP/1.1 and HTTP/2 on ports of their own.</summary>
internal sealed class ForwarderHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _upstream;

    private ForwarderHost(WebApplication app, HttpMessageInvoker upstream, CollectedLogs logs) => (_app, _upstream, Logs) = (app, upstream, logs);

    public CollectedLogs Logs { get; }

    public IPEndPoint Http1 => At(0);

    public IPEndPoint Http2 => At(1);

    /// <param name="destination">Where its requests go.</param>
    /// <param name="version">In which version of HTTP.</param>
    public static async Task<ForwarderHost> StartAsync(IPEndPoint destination, Version? version = null)
    {
        var logs = new CollectedLogs();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var upstream = new HttpMessageInvoker(LocalUpstream.CreateHandler());
        var app = builder.Build();
        var to = new ForwardDestination($"http://{destination}", version ?? HttpVersion.Version11, $"The app at {destination}");
        app.Run(context => HttpForwarder.ForwardAsync(context, upstream, to));
        await app.StartAsync();
        return new ForwarderHost(app, upstream, logs);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private IPEndPoint At(int index) => new(IPAddress.Loopback, new Uri(_app.Urls.ElementAt(index)).Port);
}
