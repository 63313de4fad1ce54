using System.Collections.Concurrent;
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Serves AggregatedDiscoveryService, both methods: admits clients, knows who is there, and pushes.</summary>
internal sealed class AdsServer : IDisposable
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(2);

    private readonly IStreamAuthenticator _authenticator;
    private readonly WorkloadRegistry _registry;
    private readonly AdsSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<AdsServer> _logger;
    private readonly ConcurrentDictionary<IAdsConnection, byte> _connections = new();
    private readonly StreamAdmission _admission;
    private readonly NodeStreams _nodeStreams;
    private readonly OverloadLog _overload;
    private readonly SemaphoreSlim _pushes;
    private readonly AdsContext _context;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _serving;
    private volatile IResourceGenerator? _latest;

    public AdsServer(IStreamAuthenticator authenticator, WorkloadRegistry registry, AdsSettings settings, TimeProvider time, ILogger<AdsServer> logger)
    {
        _authenticator = authenticator;
        _registry = registry;
        _settings = settings;
        _time = time;
        _logger = logger;
        _admission = new StreamAdmission(settings.StreamBurst, settings.StreamsPerSecond, settings.LongestStreamWait, time);
        _nodeStreams = new NodeStreams(settings.MaxStreamsPerNode);
        _overload = new OverloadLog(time, logger);
        _pushes = new SemaphoreSlim(settings.ConcurrentPushes);
        _context = new AdsContext(settings, () => _latest!, _pushes, time, logger);
    }

    /// <summary>What clients may say of themselves; null = anything that fits their proof.</summary>
    public IWorkloadAdmission? Admission { get; init; }

    /// <summary>Who is connected now.</summary>
    public ImmutableArray<ClientStatus> Clients => [.. _connections.Keys.Select(connection => connection.Status).OrderBy(c => c.NodeId, StringComparer.Ordinal)];

    /// <summary>Makes this the state of the mesh and pushes it to everyone who sees a difference.</summary>
    public void Publish(IResourceGenerator resources)
    {
        // In this order: whoever was answered from the state before after its names were counted sees that there is a newer one.
        _latest = resources;
        var changes = resources.TakeChanges();
        foreach (var connection in _connections.Keys)
        {
            connection.SignalPush(changes);
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
            await Task.WhenAny(_drained.Task, Task.Delay(s_drain, _time)).ConfigureAwait(false);
        }
    }

    /// <summary>StreamAggregatedResources.</summary>
    public Task ServeAsync(IGrpcServerStream<DiscoveryRequest, DiscoveryResponse> stream, CancellationToken cancellationToken) =>
        ServeAsync(stream, new SotwVariant(), cancellationToken);

    /// <summary>DeltaAggregatedResources.</summary>
    public Task ServeDeltaAsync(IGrpcServerStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream, CancellationToken cancellationToken) =>
        ServeAsync(stream, DeltaVariant.Instance, cancellationToken);

    public void Dispose() => _stopping.Dispose();

    private async Task ServeAsync<TRequest>(
        IGrpcServerStream stream, IAdsVariant<TRequest> variant, CancellationToken cancellationToken)
        where TRequest : class
    {
        if (_latest is null)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the configuration is not loaded yet");
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var serving = Interlocked.Increment(ref _serving);
        try
        {
            await AdmitAsync(serving, ended.Token).ConfigureAwait(false);
            await BeginAsync(stream, variant, ended.Token).ConfigureAwait(false);
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

    private async Task AdmitAsync(int serving, CancellationToken cancellationToken)
    {
        var reason = serving > _settings.MaxStreams ? $"there are {_settings.MaxStreams} already"
            : !await _admission.EnterAsync(cancellationToken).ConfigureAwait(false) ? "too many clients connect at the same time"
            : null;
        if (reason is not null)
        {
            _overload.Write(reason);
            throw new GrpcException(GrpcStatusCode.Unavailable, $"the control plane takes no new streams now: {reason}");
        }
    }

    private async Task BeginAsync<TRequest>(
        IGrpcServerStream stream, IAdsVariant<TRequest> variant, CancellationToken cancellationToken)
        where TRequest : class
    {
        var identity = await _authenticator.AuthenticateAsync(stream.HttpContext, cancellationToken).ConfigureAwait(false);
        if (await ReadFirstAsync(stream, variant, cancellationToken).ConfigureAwait(false) is not { } first)
        {
            return;
        }

        var described = variant.Head(first).Node
            ?? throw new GrpcException(GrpcStatusCode.InvalidArgument, "the first request of a stream must carry the node");
        var node = ClientNodeReader.Read(described);

        // The request is held for as long as the stream lives, and metadata can be megabytes of which a few words were read.
        described.Metadata = null;
        node = RegisteredLikeness.Complete(Confirm(node, identity), _registry);
        if (Admission?.ProblemOf(identity, node) is { } problem)
        {
            AdsLog.NotAdmitted(_logger, node.Id, problem);
            throw new GrpcException(GrpcStatusCode.PermissionDenied, problem);
        }

        // Whoever proved nothing shares no count with who did.
        var owner = $"{identity} {node.Id}";
        _nodeStreams.Enter(owner);
        try
        {
            await RunAsync(new AdsConnection<TRequest>(stream, variant, node, identity, _context), first, node, identity, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            _nodeStreams.Leave(owner);
        }
    }

    private async Task RunAsync<TRequest>(
        AdsConnection<TRequest> connection, TRequest first, ClientNode node, SpiffeId? identity, CancellationToken cancellationToken)
        where TRequest : class
    {
        using var registration = node.ToWorkload(authenticated: identity is not null) is { } workload ? _registry.Register(workload) : default;
        _connections.TryAdd(connection, 0);
        AdsLog.Connected(_logger, node.Id, identity?.ToString() ?? "nobody");
        try
        {
            connection.Review(Admission);
            await connection.RunAsync(first, cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcException) when (connection.Refusal is not null)
        {
            AdsLog.NotAdmitted(_logger, node.Id, connection.Refusal);
            throw;
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            AdsLog.Disconnected(_logger, node.Id);
        }
    }

    private async Task<TRequest?> ReadFirstAsync<TRequest>(IGrpcServerStream stream, IAdsVariant<TRequest> variant, CancellationToken cancellationToken)
        where TRequest : class
    {
        using var timeout = new CancellationTokenSource(_settings.FirstRequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await stream.ReadAsync(variant, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.DeadlineExceeded, $"no request within {_settings.FirstRequestTimeout.TotalSeconds} s");
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
            AdsLog.Refused(_logger, node.Id, identity.ToString());
            throw new GrpcException(
                GrpcStatusCode.PermissionDenied,
                $"{identity} may not act for namespace {claimed.Namespace}, service account {claimed.ServiceAccount}");
        }

        return node with { View = claimed with { ServiceAccount = identity.ServiceAccount! } };
    }
}
