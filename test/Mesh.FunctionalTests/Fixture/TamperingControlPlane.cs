using System.Collections.Concurrent;
using System.Net;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>Stands between a client and a real control plane, and does to its answers what a test asks for.</summary>
internal sealed class TamperingControlPlane : IAsyncDisposable
{
    private readonly GrpcChannel _upstream;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _rejections = new();

    private TamperingControlPlane(Uri upstream)
    {
        _upstream = new GrpcChannel(upstream, new GrpcChannelSettings(), tls: null, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(new ProxylessMesh.Testing.CollectedLogs());
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcDuplex(WellKnownMethods.StreamAggregatedResources, ServeAsync);
    }

    /// <summary>Changes a response; null drops it. Set before the response that it is meant for can come.</summary>
    public Func<DiscoveryResponse, DiscoveryResponse?>? Tamper { get; set; }

    /// <summary>Changes a request.</summary>
    public Action<DiscoveryRequest>? TamperRequest { get; set; }

    /// <summary>Writes these bytes onto the stream instead of each response.</summary>
    public byte[]? Garbage { get; set; }

    /// <summary>What the client said of the responses that it rejected.</summary>
    public IReadOnlyCollection<string> Rejections => _rejections;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    public static async Task<TamperingControlPlane> StartAsync(Uri upstream)
    {
        var plane = new TamperingControlPlane(upstream);
        await plane._app.StartAsync();
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task ServeAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> client, CancellationToken cancellationToken)
    {
        await using var upstream = _upstream.Duplex(WellKnownMethods.StreamAggregatedResources, GrpcCallOptions.None);
        var requests = ForwardAsync(client, upstream, cancellationToken);
        while (await upstream.ReadAsync(cancellationToken) is { } response)
        {
            if (Garbage is { } garbage)
            {
                await client.HttpContext.Response.Body.WriteAsync(garbage, cancellationToken);
                return;
            }

            if ((Tamper is { } tamper ? tamper(response) : response) is { } tampered)
            {
                await client.WriteAsync(tampered, cancellationToken);
            }
        }

        await requests;
    }

    private async Task ForwardAsync(
        IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> client, GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse> upstream, CancellationToken cancellationToken)
    {
        while (await client.ReadAsync(cancellationToken) is { } request)
        {
            if (request.ErrorDetail is { } error)
            {
                _rejections.Enqueue(error.Message);
            }

            TamperRequest?.Invoke(request);
            await upstream.WriteAsync(request, cancellationToken);
        }
    }
}
