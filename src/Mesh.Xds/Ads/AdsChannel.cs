using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// One server as long as somebody uses it: which stream leads to it, and what it was asked for. Belongs to the event loop; the
/// streams follow each other in <see cref="AdsConnection"/>.
/// </summary>
internal sealed class AdsChannel(IAdsTransport transport, AdsState state, ResourceContext context)
{
    // gRFC A27's resource timeout; A88 gives a server twice as long whose silence is only a transient error.
    private static readonly TimeSpan s_answerWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_patientAnswerWait = TimeSpan.FromSeconds(30);

    // How long a start waits for a live answer before it serves what the last process knew.
    private static readonly TimeSpan s_cacheWait = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ChannelType> _types = new(StringComparer.Ordinal);
    private readonly List<ITimer> _streamTimers = [];

    private AdsVariant _variant = transport.Variant;
    private AdsSession? _session;
    private bool _isClosed;

    public IAdsTransport Transport { get; } = transport;

    public string Name => Transport.Name;

    public XdsServerFeatures Features => Transport.Features;

    /// <summary>The present stream has brought a response.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Set from a stream that ended without a response until the next response (gRFC A57): why.</summary>
    public ResourceError? Failure { get; private set; }

    /// <summary>Why the last stream ended; null when it ended in order, or never did.</summary>
    public string? LastError { get; private set; }

    public bool IsConnected => _session is not null && HasAnswered;

    /// <summary>The type as this server sees it.</summary>
    public ChannelType On(ResourceType type)
    {
        if (!_types.TryGetValue(type.TypeUrl, out var own))
        {
            own = new ChannelType(this, type);
            _types.Add(type.TypeUrl, own);
            if (_session is { } session)
            {
                own.StreamOpened(session.UseDelta);
            }
        }

        return own;
    }

    /// <summary>The authority begins to use the server: it is asked for all that is watched of it.</summary>
    public void Attach(AdsAuthority authority, IEnumerable<ResourceType> types)
    {
        foreach (var type in types)
        {
            var own = On(type);
            own.NamesChanged();
            foreach (var entry in type.WatchedOf(authority).Where(e => e.IsUnanswered))
            {
                own.Subscribed(entry);
            }
        }
    }

    /// <summary>The authority has come back to the server, whose silence counts again.</summary>
    public void Resume(AdsAuthority authority)
    {
        foreach (var type in _types.Values)
        {
            Wait(type, type.AwaitTold(authority));
        }
    }

    /// <summary>An attempt to connect begins.</summary>
    public void Opened(AdsSession session)
    {
        if (_isClosed)
        {
            session.Restart();
            return;
        }

        _session = session;
        HasAnswered = false;
        if (Failure is null)
        {
            context.Metrics.Connected(Name);
        }

        session.Node = NodeMapping.ToNode(state.Node);
        session.UseDelta = _variant != AdsVariant.StateOfTheWorld;
        foreach (var type in _types.Values)
        {
            type.StreamOpened(session.UseDelta);
        }

        if (context.Cache is not null)
        {
            After(s_cacheWait, () =>
            {
                if (!HasAnswered)
                {
                    state.Silent(this);
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
            if (type.HasRequest)
            {
                _session.Send(type);
            }
        }
    }

    /// <summary>What there is to say of a type now that the stream can take it, or null.</summary>
    public OutgoingRequest? Take(AdsSession session, ChannelType type)
    {
        if (_session != session || !type.HasRequest || type.TakeRequest(session.Node, state.Sequence) is not { } message)
        {
            return null;
        }

        session.Node = null;
        return new(type, message, state.Sequence);
    }

    /// <summary>A request has reached the server: from now on its silence counts.</summary>
    public void Sent(AdsSession session, OutgoingRequest request)
    {
        if (_session == session)
        {
            Wait(request.Type, request.Type.Sent(request.Sequence));
        }
    }

    public void Received(AdsSession session, AdsResponse response)
    {
        if (_session != session)
        {
            return;
        }

        if (!HasAnswered)
        {
            HasAnswered = true;
            Failure = null;
            context.Metrics.Connected(Name);
            LastError = null;
            AdsLog.Connected(context.Logger, Name);
            state.Answered(this);
        }

        if (!_types.TryGetValue(response.TypeUrl, out var type) || !type.IsRequested)
        {
            AdsLog.UnknownType(context.Logger, BoundedText.Shorten(response.TypeUrl));
        }
        else if (type.Receive(response.Message) is { } reasons)
        {
            AdsLog.Rejected(context.Logger, type.Type.ShortName, BoundedText.Shorten(response.Version), reasons);
        }
        else
        {
            AdsLog.Accepted(context.Logger, type.Type.ShortName, BoundedText.Shorten(response.Version), response.Count);
        }
    }

    /// <summary>The stream is over. True when the next one shall come at once.</summary>
    public bool Ended(AdsSessionEnd end)
    {
        if (_isClosed)
        {
            return false;
        }

        StopStream();
        if (end.Restarted)
        {
            return true;
        }

        if (_variant == AdsVariant.Auto && end is { SawResponse: false, Error: GrpcException { Status: GrpcStatusCode.Unimplemented } })
        {
            _variant = AdsVariant.StateOfTheWorld;
            AdsLog.NoDelta(context.Logger, Name);
            return true;
        }

        var reason = Describe(end.Error);
        LastError = reason;
        if (end.SawResponse)
        {
            AdsLog.StreamEnded(context.Logger, Name, reason);
            return false;
        }

        AdsLog.Unreachable(context.Logger, Name, reason);
        context.Metrics.Failed(Name, isNew: Failure is null);
        Failure = new(ResourceErrorKind.Unreachable, $"the control plane {Name} cannot be reached: {reason}");
        state.Failed(this);
        return false;
    }

    /// <summary>Ends the stream so that the next one begins with what is true now. False when there is none.</summary>
    public bool Restart()
    {
        _session?.Restart();
        return _session is not null;
    }

    /// <summary>Nobody uses the server any more: whatever it still says is not heard.</summary>
    public void Close()
    {
        _isClosed = true;
        context.Metrics.Left(Name);
        StopStream();
        _types.Clear();
    }

    // The code of a status stays here (gRFC A54); its text helps a reader.
    private static string Describe(Exception? error) => BoundedText.Shorten(error switch
    {
        null => "the server ended the stream",
        GrpcException { Detail.Length: > 0 } e => e.Detail,
        _ => error.Message,
    });

    private void StopStream()
    {
        _session = null;
        foreach (var timer in _streamTimers)
        {
            timer.Dispose();
        }

        _streamTimers.Clear();
        foreach (var type in _types.Values)
        {
            type.StreamEnded();
        }
    }

    private void Wait(ChannelType type, IReadOnlyList<ResourceEntry>? silent)
    {
        if (silent is not null)
        {
            var wait = Features.ResourceTimerIsTransientError ? s_patientAnswerWait : s_answerWait;
            After(wait, () => type.Type.Expire(silent, wait, Features));
        }
    }

    private void After(TimeSpan wait, Action work)
    {
        ITimer? timer = null;
        timer = context.Time.CreateTimer(
            _ => context.Post(() =>
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
}
