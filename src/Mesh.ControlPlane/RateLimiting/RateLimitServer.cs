using System.Net;
using Envoy.Service.Ratelimit.V3;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.RateLimiting;

/// <summary>The rate limit service on a socket: gRPC over HTTP/2 in plaintext.</summary>
internal sealed class RateLimitServer : IAsyncDisposable
{
    private const int MaxConnections = 1000;
    private const int MaxMessage = 1024 * 1024;

    private readonly WebApplication _app;
    private readonly IPEndPoint _address;

    public RateLimitServer(RateLimitService service, IPEndPoint address, TimeProvider time, ILoggerFactory loggers)
    {
        _address = address;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcUnary<RateLimitRequest, RateLimitResponse>(
            WellKnownMethods.ShouldRateLimit, (request, _, _) => Task.FromResult(service.Answer(request)), MaxMessage);
    }

    /// <summary>Where it listens once started.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <exception cref="IOException">The address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        var at = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        EndPoint = new IPEndPoint(_address.Address, new Uri(at).Port);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
