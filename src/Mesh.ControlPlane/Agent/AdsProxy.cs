using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>
/// ADS for the app on a Unix socket that only its user can open. Each of the app's streams is one at the control plane, with the
/// workload's proof and as the workload's node, whatever the app says: gRPC libraries have no such credentials of their own.
/// </summary>
internal sealed partial class AdsProxy : IAsyncDisposable
{
    private readonly IAdsTransport _transport;
    private readonly NodeInfo _node;
    private readonly ILogger _logger;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    public AdsProxy(string socket, IAdsTransport transport, NodeInfo node, TimeProvider time, ILoggerFactory loggers)
    {
        _transport = transport;
        _node = node;
        _logger = loggers.CreateLogger<AdsProxy>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcDuplex(WellKnownMethods.StreamAggregatedResources, ServeAsync);
    }

    /// <exception cref="IOException">The socket cannot be made.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ServeAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> app, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            if (await app.ReadAsync(ended.Token).ConfigureAwait(false) is not { } first)
            {
                return;
            }

            var plane = await _transport.OpenAsync(ended.Token).ConfigureAwait(false);
            await using (plane.ConfigureAwait(false))
            {
                first.Node = NodeFor(first);
                await plane.WriteAsync(first, ended.Token).ConfigureAwait(false);
                await RelayAsync(app, plane, ended).ConfigureAwait(false);
            }
        }
        catch (GrpcException e)
        {
            // The library tries again by itself, with its own back-off.
            Log.Broken(_logger, _transport.Name, e.Status, e.Detail);
            throw;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the agent is stopping");
        }
    }

    /// <summary>Until either side ends; what it ended with is what the app hears.</summary>
    private static async Task RelayAsync(
        IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> app, IAdsStream plane, CancellationTokenSource ended)
    {
        var up = RequestsAsync(app, plane, ended.Token);
        var down = ResponsesAsync(app, plane, ended.Token);
        var first = await Task.WhenAny(up, down).ConfigureAwait(false);
        if (first == up && !up.IsCompletedSuccessfully)
        {
            // A write fails without the reason; the status of the call has it.
            first = down;
        }

        if (first == up)
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await down.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        try
        {
            await down.ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task RequestsAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> app, IAdsStream plane, CancellationToken cancellationToken)
    {
        while (await app.ReadAsync(cancellationToken).ConfigureAwait(false) is { } request)
        {
            request.Node = null;
            await plane.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ResponsesAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> app, IAdsStream plane, CancellationToken cancellationToken)
    {
        while (await plane.ReadAsync(cancellationToken).ConfigureAwait(false) is { } response)
        {
            await app.WriteAsync(response, cancellationToken).ConfigureAwait(false);
        }

        throw new GrpcException(GrpcStatusCode.Unavailable, "the control plane ended the stream");
    }

    /// <summary>Which library it is and what it can do is the app's own to say.</summary>
    private Envoy.Config.Core.V3.Node NodeFor(DiscoveryRequest first)
    {
        var node = NodeMapping.ToNode(_node);
        if (first.Node is { } library)
        {
            node.UserAgentName = library.UserAgentName;
            node.UserAgentVersion = library.UserAgentVersion;
            node.ClientFeatures.Clear();
            node.ClientFeatures.Add(library.ClientFeatures);
        }

        return node;
    }

    private static partial class Log
    {
        [LoggerMessage(4520, LogLevel.Warning, "The app's xDS stream to {ControlPlane} ended with {Status}: {Reason}")]
        public static partial void Broken(ILogger logger, string controlPlane, GrpcStatusCode status, string reason);
    }
}
