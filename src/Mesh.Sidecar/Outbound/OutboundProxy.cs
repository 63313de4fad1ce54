using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Sidecar.Outbound;

/// <summary>
/// A server of its own beside the inbound one, for the app on this machine alone: it knows no peers and no inbound policy. It starts
/// before the inbound one and stops after it, so that requests in service can still make their calls.
/// </summary>
internal sealed partial class OutboundProxy(MeshRuntime mesh, IOptions<SidecarOptions> options, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<OutboundProxy>();
    private readonly ConnectionSniffer _sniffer = new(mesh.Time);
    private WebApplication? _app;
    private HttpMessageInvoker? _calls;

    /// <summary>Where it listens; null while it does not.</summary>
    public IPEndPoint? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Outbound.Listen is not { } listen)
        {
            return;
        }

        var address = IPEndPoint.Parse(listen);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address));
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        _app = builder.Build();
        _calls = new HttpMessageInvoker(mesh.CreateHandler(OtherHosts.CreateHandler(() => Address)));
        _app.Run(new OutboundForwarding(_calls).ForwardAsync);
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        var bound = new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        Address = new IPEndPoint(address.Address, bound.Port);
        Log.Listening(_logger, Address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync().ConfigureAwait(false);
        }

        _calls?.Dispose();
    }

    private void Configure(KestrelServerOptions kestrel, IPEndPoint address)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.Listen(address, listen => listen.Use(next => new PlainHttp(_sniffer, next).OnConnectionAsync));
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Information, "The app calls through http_proxy=http://{Address}")]
        public static partial void Listening(ILogger logger, IPEndPoint address);
    }
}
