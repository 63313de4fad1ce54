using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Ads;

/// <summary>The client's side of the protocol, whatever variant a stream speaks. Belongs to the event loop: no method is thread-safe.</summary>
internal sealed class AdsState(string server, AdsVariant variant, NodeInfo node, TimeProvider time, ResourceContext context, Action<Action> post) : IDisposable
{
    // gRFC A27's resource timeout; A88 gives a server twice as long whose silence is only a transient error.
    private static readonly TimeSpan s_answerWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_patientAnswerWait = TimeSpan.FromSeconds(30);

    // How long a start waits for a live answer before it serves what the last process knew.
    private static readonly TimeSpan s_cacheWait = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ResourceType> _types = new(StringComparer.Ordinal);
    private readonly List<ITimer> _streamTimers = [];

    private AdsVariant _variant = variant;
    private NodeInfo _node = node;
    private AdsSession? _session;
    private long _sequence;
    private bool _answered;
    private bool _serveFromCache;
    private ResourceError? _unreachable;
    private string? _lastError;

    public XdsClientStatus Status =>
        new(server, _session is not null && _answered, _lastError, _types.Values.Select(t => t.Status).ToEquatableArray());

    public void WatcherThrew(Exception exception) => AdsLog.WatcherThrew(context.Logger, exception);

    public void Subscribe<T>(ResourceKind<T> kind, string name, Subscription<T> watcher)
        where T : class
    {
        if (!_types.TryGetValue(kind.TypeUrl, out var type))
        {
            type = new ResourceTypeOf<T>(kind, context);
            _types.Add(kind.TypeUrl, type);
            if (_session is { } session)
            {
                type.StreamOpened(session.UseDelta);
            }
        }

        ((ResourceTypeOf<T>)type).Subscribe(name, watcher, ++_sequence, _serveFromCache, _unreachable);
    }

    public void Unsubscribe<T>(ResourceKind<T> kind, string name, Subscription<T> watcher)
        where T : class
    {
        if (_types.TryGetValue(kind.TypeUrl, out var type))
        {
            ((ResourceTypeOf<T>)type).Unsubscribe(name, watcher, ++_sequence);
            if (_session is null)
            {
                type.Forget(_sequence);
            }
        }
    }

    public void UpdateNode(NodeInfo node)
    {
        if (_node with { Metadata = node.Metadata } == node && JsonNode.DeepEquals(_node.Metadata, node.Metadata))
        {
            return;
        }

        _node = node;
        if (_session is not null)
        {
            AdsLog.NodeChanged(context.Logger, server);
            _session.Restart();
        }
    }

    /// <summary>An attempt to connect begins.</summary>
    public void Opened(AdsSession session)
    {
        _session = session;
        _answered = false;
        session.Node = NodeMapping.ToNode(_node);
        session.UseDelta = _variant != AdsVariant.StateOfTheWorld;
        foreach (var type in _types.Values)
        {
            type.StreamOpened(session.UseDelta);
        }

        if (context.Cache is not null && !_serveFromCache)
        {
            After(s_cacheWait, () =>
            {
                if (_session == session && !_answered)
                {
                    ServeFromCache();
                }
            });
        }
    }

    /// <summary>Tells the stream what types have something to say.</summary>
    public void Flush()
    {
        if (_session is null)
        {
            return;
        }

        foreach (var type in _types.Values)
        {
            if (HasRequest(type))
            {
                _session.Send(type);
            }
        }
    }

    /// <summary>What there is to say of a type now that the stream can take it, or null.</summary>
    public OutgoingRequest? Take(AdsSession session, ResourceType type)
    {
        if (_session != session || !HasRequest(type) || type.TakeRequest(session.Node) is not { } message)
        {
            return null;
        }

        session.Node = null;
        return new(type, message, _sequence);
    }

    /// <summary>A request has reached the server: from now on its silence counts.</summary>
    public void Sent(AdsSession session, OutgoingRequest request)
    {
        if (_session != session)
        {
            return;
        }

        request.Type.Forget(request.Sequence);
        if (request.Type.StartWaiting(request.Sequence) is { } deadline)
        {
            var wait = context.Features.ResourceTimerIsTransientError ? s_patientAnswerWait : s_answerWait;
            After(wait, () => request.Type.Expire(deadline, wait));
        }
    }

    public void Received(AdsSession session, AdsResponse response)
    {
        if (_session != session)
        {
            return;
        }

        if (!_answered)
        {
            _answered = true;
            _serveFromCache = false;
            _unreachable = null;
            _lastError = null;
            AdsLog.Connected(context.Logger, server);
        }

        if (!_types.TryGetValue(response.TypeUrl, out var type) || !type.IsRequested)
        {
            AdsLog.UnknownType(context.Logger, BoundedText.Shorten(response.TypeUrl));
        }
        else if (type.Receive(response.Message) is { } reasons)
        {
            AdsLog.Rejected(context.Logger, type.ShortName, BoundedText.Shorten(response.Version), reasons);
        }
        else
        {
            AdsLog.Accepted(context.Logger, type.ShortName, BoundedText.Shorten(response.Version), response.Count);
        }
    }

    /// <summary>The stream is over. True when the next one shall come at once.</summary>
    public bool Ended(AdsSessionEnd end)
    {
        _session = null;
        StopTimers();
        foreach (var type in _types.Values)
        {
            type.StopWaiting();
        }

        if (end.Restarted)
        {
            return true;
        }

        if (_variant == AdsVariant.Auto && end is { SawResponse: false, Error: GrpcException { Status: GrpcStatusCode.Unimplemented } })
        {
            _variant = AdsVariant.StateOfTheWorld;
            AdsLog.NoDelta(context.Logger, server);
            return true;
        }

        var reason = Describe(end.Error);
        _lastError = reason;
        if (end.SawResponse)
        {
            AdsLog.StreamEnded(context.Logger, server, reason);
            return false;
        }

        AdsLog.Unreachable(context.Logger, server, reason);
        _unreachable = new(ResourceErrorKind.Unreachable, $"the control plane {server} cannot be reached: {reason}");
        ServeFromCache();
        foreach (var type in _types.Values)
        {
            type.Unreachable(_unreachable);
        }

        return false;
    }

    public void Dispose() => StopTimers();

    private static bool HasRequest(ResourceType type) => type.IsDirty && (type.IsRequested || type.Count > 0);

    // The code of a status stays here (gRFC A54); its text helps a reader.
    private static string Describe(Exception? error) => BoundedText.Shorten(error switch
    {
        null => "the server ended the stream",
        GrpcException { Detail.Length: > 0 } e => e.Detail,
        _ => error.Message,
    });

    private void ServeFromCache()
    {
        if (context.Cache is null)
        {
            return;
        }

        _serveFromCache = true;
        foreach (var type in _types.Values)
        {
            type.RestoreFromCache();
        }
    }

    private void After(TimeSpan wait, Action work)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ => post(() =>
            {
                // A timer that fired while the stream ended belongs to nobody any more.
                if (_streamTimers.Remove(timer!))
                {
                    timer!.Dispose();
                    work();
                }
            }),
            null,
            wait,
            Timeout.InfiniteTimeSpan);
        _streamTimers.Add(timer);
    }

    private void StopTimers()
    {
        foreach (var timer in _streamTimers)
        {
            timer.Dispose();
        }

        _streamTimers.Clear();
    }
}
