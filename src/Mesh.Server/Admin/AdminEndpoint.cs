using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Xds.ClientStatus;

namespace ProxylessMesh.Server.Admin;

/// <summary>
/// A server of its own beside the app's, which tells what the app has of its configuration: the client status discovery service
/// (gRFC A40) and a view for people. Off unless <c>Mesh:Admin:Address</c> says where it listens.
/// </summary>
internal sealed partial class AdminEndpoint(MeshRuntime mesh, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    // Operators and their tools; more would be somebody who wears the app down.
    private const int MaxConnections = 32;
    private const int MaxRequestSize = 64 * 1024;

    private readonly ILogger _logger = loggers.CreateLogger<AdminEndpoint>();
    private readonly ConnectionSniffer _sniffer = new(mesh.Time);
    private WebApplication? _app;

    /// <summary>Where it listens; null while it does not.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!mesh.Enabled || mesh.Options.Admin.Address is not { } text)
        {
            return;
        }

        var address = IPEndPoint.Parse(text);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address));
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        _app = builder.Build();
        var status = new StatusService(mesh.Xds, _logger);
        var onlyLocal = IPAddress.IsLoopback(address.Address);
        _app.Run(context => onlyLocal && !IsLocal(context.Request.Host.Host) ? RefuseAsync(context) : ServeAsync(status, context));
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        Log.Listening(_logger, Address);
        if (!onlyLocal)
        {
            Log.OpenToOthers(_logger, Address);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            // Streams of status have no end of their own.
            await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _app is null ? ValueTask.CompletedTask : _app.DisposeAsync();

    private void Configure(KestrelServerOptions kestrel, IPEndPoint address)
    {
        kestrel.AddServerHeader = false;

        // Kestrel takes a connection with PriorKnowledgeHttp2 for TLS, and its callers say http.
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = MaxRequestSize;
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;

            // gRPC speaks HTTP/2 without TLS here, and curl HTTP/1.1.
            listen.Use(next => new PlainHttp(_sniffer, next).OnConnectionAsync);
        });
    }

    private static Task ServeAsync(StatusService status, HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value);
        if (HttpMethods.IsGet(method) && path == "/config_dump")
        {
            return status.ShowAsync(context);
        }

        if (HttpMethods.IsPost(method) && path == ClientStatusExchange.FetchPath)
        {
            return status.AnswerAsync(context, isStream: false);
        }

        if (HttpMethods.IsPost(method) && path == ClientStatusExchange.StreamPath)
        {
            return status.AnswerAsync(context, isStream: true);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("Here are /config_dump and envoy.service.status.v3.ClientStatusDiscoveryService.\n");
    }

    // A page in a browser of this machine can make a name of its own lead here, but not call us by an address.
    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsync("The admin endpoint is called localhost, or by its address.\n");
    }

    private static partial class Log
    {
        [LoggerMessage(1170, LogLevel.Information, "The admin endpoint listens on {Address}")]
        public static partial void Listening(ILogger logger, Uri address);

        [LoggerMessage(1171, LogLevel.Warning, "The admin endpoint on {Address} can be reached from other machines, and asks nobody who they are")]
        public static partial void OpenToOthers(ILogger logger, Uri address);
    }
}
