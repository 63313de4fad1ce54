using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One resource type as one server sees it: what it is asked for, what it was told, and the protocol on the present stream. Belongs to the event loop.</summary>
internal sealed class ChannelType(AdsChannel channel, ResourceType type)
{
    // Unanswered, and not yet named by a request that was sent on this stream.
    private readonly List<ResourceEntry> _unsent = [];

    private ITypeProtocol? _protocol;
    private long _toldUntil = long.MaxValue;
    private long _askedUntil;

    public AdsChannel Channel { get; } = channel;

    public ResourceType Type { get; } = type;

    public string TypeUrl => Type.TypeUrl;

    /// <summary>Last accepted version; survives reconnects.</summary>
    public string Version { get; set; } = "";

    /// <summary>A request of this type has gone out on this stream, so that responses are expected.</summary>
    public bool IsRequested => _protocol is { IsRequested: true };

    /// <summary>There is something to tell the server.</summary>
    public bool HasRequest => _protocol is { IsDirty: true } && (IsRequested || IsWatched);

    public bool IsWatched => Type.WatchedOn(Channel).Any();

    public IEnumerable<string> WatchedNames => Type.WatchedOn(Channel).Select(e => e.Name);

    /// <summary>
    /// What this server has sent to this process and is in force, with its version. Of an authority that uses another server for now,
    /// nothing: it will replace what is known meanwhile, and all has to come again.
    /// </summary>
    public Dictionary<string, string> KnownVersions =>
        Type.WatchedOn(Channel)
            .Where(e => e is { HasValue: true, Version.Length: > 0 } && e.Source == Channel.Transport && e.Authority.Active == Channel)
            .ToDictionary(e => e.Name, e => e.Version, StringComparer.Ordinal);

    /// <summary>Starts a stream's life: nothing has been asked on it yet, no nonce is known.</summary>
    public void StreamOpened(bool delta)
    {
        if (_protocol is not null && _protocol is DeltaTypeProtocol != delta)
        {
            // The other variant's versions mean something else.
            Version = "";
        }

        StreamEnded();
        _unsent.AddRange(Type.WatchedOn(Channel).Where(e => e.IsUnanswered));
        _toldUntil = 0;
        _askedUntil = 0;
        _protocol = delta ? new DeltaTypeProtocol(this) : new SotwTypeProtocol(this);
    }

    /// <summary>The stream is gone: silence no longer means anything, and there is nobody to be told.</summary>
    public void StreamEnded()
    {
        _unsent.Clear();
        _toldUntil = long.MaxValue;
        foreach (var entry in Type.WatchedOn(Channel).Where(e => e.Authority.Active == Channel))
        {
            entry.Deadline = null;
        }

        Type.Forget();
    }

    public void NamesChanged() => _protocol?.NamesChanged();

    public void Subscribed(ResourceEntry entry)
    {
        _unsent.Add(entry);
        NamesChanged();
    }

    /// <summary>The server has heard all until then, or there is no stream on which it could know anything.</summary>
    public bool HasTold(long sequence) => _toldUntil >= sequence;

    /// <summary>The server was asked for what the authority watches.</summary>
    public bool WasAskedFor(AdsAuthority authority) => _askedUntil >= authority.UsesSince(Channel);

    /// <summary>What there is to say, or null.</summary>
    /// <param name="node">Who we are, for a stream's first request.</param>
    /// <param name="sequence">The client's count of subscriptions.</param>
    public IMessage? TakeRequest(Node? node, long sequence)
    {
        _askedUntil = sequence;
        return _protocol?.TakeRequest(node);
    }

    /// <summary>A request has been sent. Starts the wait of resources that it named for the first time; null when there are none.</summary>
    public IReadOnlyList<ResourceEntry>? Sent(long sequence)
    {
        _toldUntil = sequence;
        Type.Forget();
        var silent = Await(_unsent.Where(e => e.Sequence <= sequence && e.Authority.Active == Channel));
        _unsent.RemoveAll(e => e.Sequence <= sequence);
        return silent;
    }

    /// <summary>Starts the wait of what the authority watches and the server was asked for while it was not the one in use.</summary>
    public IReadOnlyList<ResourceEntry>? AwaitTold(AdsAuthority authority) =>
        Await(Type.WatchedOf(authority).Where(e => e.Sequence <= _toldUntil && !_unsent.Contains(e)));

    /// <summary>Takes a response of this type, tells watchers, and notes whether it is accepted. Returns the reasons if not.</summary>
    public string? Receive(IMessage response) => _protocol?.Receive(response);

    public string? Apply(DiscoveryResponse response) => Type.Apply(response, this);

    public string? Apply(DeltaDiscoveryResponse response) => Type.Apply(response, this);

    private static List<ResourceEntry>? Await(IEnumerable<ResourceEntry> entries)
    {
        var silent = entries.Where(e => e.IsUnanswered).ToList();
        foreach (var entry in silent)
        {
            entry.Deadline = silent;
        }

        return silent.Count == 0 ? null : silent;
    }
}
