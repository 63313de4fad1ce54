using System.Collections.Concurrent;
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Serves AggregatedDiscoveryService/StreamAggregatedResources: admits clients, knows who is there, and pushes.</summary>
internal sealed partial class AdsServer(
    IStreamAuthenticator authenticator, WorkloadRegistry registry, AdsSettings settings, TimeProvider time, ILogger<AdsServer> logger)
    : IDisposable
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<AdsConnection, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _serving;
    private volatile IResourceGenerator? _latest;

    /// <summary>What clients may say of themselves; null = anything that fits their proof.</summary>
    public IWorkloadAdmission? Admission { get; init; }

    /// <summary>Who is connected now.</summary>
    public ImmutableArray<ClientStatus> Clients => [.. _connections.Keys.Select(connection => connection.Status).OrderBy(c => c.NodeId, StringComparer.Ordinal)];

    /// <summary>Makes this the state of the mesh and pushes it to everyone who sees a difference.</summary>
    public void Publish(IResourceGenerator resources)
    {
        _latest = resources;
        foreach (var connection in _connections.Keys)
        {
            connection.SignalPush();
        }
    }

    /// <summary>Ends the streams of those whom <see cref="Admission"/> would no longer admit.</summary>
    public void Review()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Review(Admission);
        }
    }

    /// <summary>
    /// Ends all streams with UNAVAILABLE, so that clients look for another control plane, or for this one's successor. Waits for
    /// them a little: Kestrel closes a connection at once only when none of its streams is open.
    /// </summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (Volatile.Read(ref _serving) > 0)
        {
            await Task.WhenAny(_drained.Task, Task.Delay(s_drain, time)).ConfigureAwait(false);
        }
    }

    public async Task ServeAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> stream, CancellationToken cancellationToken)
    {
        if (_latest is null)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the configuration is not loaded yet");
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        Interlocked.Increment(ref _serving);
        try
        {
            await AdmitAsync(stream, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the control plane is shutting down");
        }
        finally
        {
            if (Interlocked.Decrement(ref _serving) == 0 && _stopping.IsCancellationRequested)
            {
                _drained.TrySetResult();
            }
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task AdmitAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> stream, CancellationToken cancellationToken)
    {
        var identity = await authenticator.AuthenticateAsync(stream.HttpContext, cancellationToken).ConfigureAwait(false);
        if (await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } first)
        {
            return;
        }

        var node = ClientNodeReader.Read(first.Node
            ?? throw new GrpcException(GrpcStatusCode.InvalidArgument, "the first request of a stream must carry the node"));
        node = RegisteredLikeness.Complete(Confirm(node, identity), registry);
        if (Admission?.ProblemOf(identity, node) is { } problem)
        {
            Log.NotAdmitted(logger, node.Id, problem);
            throw new GrpcException(GrpcStatusCode.PermissionDenied, problem);
        }

        using var registration = node.ToWorkload(authenticated: identity is not null) is { } workload ? registry.Register(workload) : null;
        var connection = new AdsConnection(stream, node, identity, settings, () => _latest!, time, logger);
        _connections.TryAdd(connection, 0);
        Log.Connected(logger, node.Id, identity?.ToString() ?? "nobody");
        try
        {
            // What was published since the connection took its first look would otherwise be missed.
            connection.SignalPush();
            connection.Review(Admission);
            await connection.RunAsync(first, cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcException) when (connection.Refusal is not null)
        {
            Log.NotAdmitted(logger, node.Id, connection.Refusal);
            throw;
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            Log.Disconnected(logger, node.Id);
        }
    }

    /// <summary>A workload gets the configuration of whom it proved to be, and registers as nobody else (Istio, pilot/pkg/xds/auth).</summary>
    private ClientNode Confirm(ClientNode node, SpiffeId? identity)
    {
        if (identity is null)
        {
            return node;
        }

        var claimed = node.View;
        if (identity.Namespace != claimed.Namespace
            || (claimed.ServiceAccount.Length > 0 && identity.ServiceAccount != claimed.ServiceAccount))
        {
            Log.Refused(logger, node.Id, identity.ToString());
            throw new GrpcException(
                GrpcStatusCode.PermissionDenied,
                $"{identity} may not act for namespace {claimed.Namespace}, service account {claimed.ServiceAccount}");
        }

        return node with { View = claimed with { ServiceAccount = identity.ServiceAccount! } };
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Information, "{Node} connected, proven to be {Identity}.")]
        public static partial void Connected(ILogger logger, string node, string identity);

        [LoggerMessage(4202, LogLevel.Information, "{Node} disconnected.")]
        public static partial void Disconnected(ILogger logger, string node);

        [LoggerMessage(4206, LogLevel.Warning, "{Node} claims a namespace or service account that {Identity} is not.")]
        public static partial void Refused(ILogger logger, string node, string identity);

        [LoggerMessage(4332, LogLevel.Warning, "{Node} is not admitted: {Reason}")]
        public static partial void NotAdmitted(ILogger logger, string node, string reason);
    }
}
