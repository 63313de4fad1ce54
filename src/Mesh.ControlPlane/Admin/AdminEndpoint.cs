using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.ControlPlane.Serving;

namespace ProxylessMesh.ControlPlane.Admin;

/// <summary>
/// What operators ask a running control plane, over HTTP/1.1 on a port of its own: it shows configuration and names to whoever reaches
/// it, so it is on loopback unless told otherwise, reads only, and costs a bounded amount.
/// </summary>
internal sealed class AdminEndpoint : IAsyncDisposable
{
    private const int MaxConnections = 64;

    private readonly IPEndPoint _address;
    private readonly WebApplication _app;

    public AdminEndpoint(IPEndPoint address, AdsServer ads, LoadTable? loads, TimeProvider time, ILoggerFactory loggers)
    {
        _address = address;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        _app = builder.Build();
        _app.Use(RefuseOtherHosts);
        _app.UseRouting();
        _app.MapGet("/debug/syncz", context => SyncReport.WriteAsync(context, ads));
        if (loads is not null)
        {
            _app.MapGet("/debug/loadz", context => LoadReport.WriteAsync(context, loads));
        }
    }

    /// <summary>Where it listens once started.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <exception cref="IOException">The address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        var bound = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        EndPoint = new IPEndPoint(_address.Address, new Uri(bound).Port);
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever still asks can ask the next one.
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A page in an operator's browser can make it ask this port by a name that leads here (DNS rebinding); addresses it cannot fake.</summary>
    private static Task RefuseOtherHosts(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host.Trim('[', ']');
        if (host == "localhost" || IPAddress.TryParse(host, out _))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }
}
