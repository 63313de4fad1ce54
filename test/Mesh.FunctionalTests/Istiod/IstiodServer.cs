using System.Collections.Concurrent;
using System.Globalization;
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
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>
/// Istio's agent with istiod behind it, as far as a proxyless application can tell, written by hand from Istio's pages and sources
/// (pilot/pkg/xds, pilot/pkg/networking/grpcgen, pkg/istio-agent): state of the world only, one stream for each node, answers to names
/// added bring all names, versions that count pushes.
/// </summary>
internal sealed class IstiodServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, IstiodStream> _streams = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentDictionary<string, int> _opened = new(StringComparer.Ordinal);
    private int _pushes;

    private IstiodServer(string? socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (socket is null)
            {
                kestrel.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2);
            }
            else
            {
                kestrel.ListenUnixSocket(socket, o => o.Protocols = HttpProtocols.Http2);
            }
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ILoggerFactory>(new CollectedLogs());
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcDuplex(WellKnownMethods.StreamAggregatedResources, ServeAsync);
        Socket = socket;
    }

    private string? Socket { get; }

    /// <summary>As a bootstrap file names it.</summary>
    public string Uri => Socket is null
        ? new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Authority
        : $"unix://{Socket}";

    public IstioMesh Mesh { get; private set; } = new();

    /// <summary>Of the present configuration.</summary>
    public string Version => string.Create(CultureInfo.InvariantCulture, $"2026-11-20T15:00:00Z/{Volatile.Read(ref _pushes)}");

    /// <summary>NACKs, and requests that istiod would not understand as they are meant.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>How many streams of nodes whose id holds a text there have been.</summary>
    public int StreamsOf(string workload) => _opened.Where(o => o.Key.Contains(workload, StringComparison.Ordinal)).Sum(o => o.Value);

    /// <param name="socket">Path of a Unix socket, as Istio's agent offers; null: TCP.</param>
    public static async Task<IstiodServer> StartAsync(string? socket = null)
    {
        var server = new IstiodServer(socket);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A new configuration for all: a full push.</summary>
    public async Task PushAsync(IstioMesh mesh)
    {
        Mesh = mesh;
        Interlocked.Increment(ref _pushes);
        await Task.WhenAll(_streams.Values.Select(s => s.PushAsync()));
    }

    public void Complain(string what) => _complaints.Enqueue(what);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> client, CancellationToken cancellationToken)
    {
        if (await client.ReadAsync(cancellationToken) is not { } request)
        {
            return;
        }

        var node = IstioNode.Read(request.Node);
        _opened.AddOrUpdate(node.Id, 1, (_, count) => count + 1);
        using var stream = new IstiodStream(this, node, client, cancellationToken);

        // The agent closes the older stream (pkg/istio-agent/xds_proxy.go, registerStream).
        IstiodStream? older = null;
        _streams.AddOrUpdate(node.Id, stream, (_, present) =>
        {
            older = present;
            return stream;
        });
        older?.Close();
        try
        {
            await stream.RunAsync(request);
        }
        finally
        {
            _streams.TryRemove(KeyValuePair.Create(node.Id, stream));
        }
    }
}
