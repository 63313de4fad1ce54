using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// What the client knows, and which servers it asks: one channel for each server that an authority uses (gRFCs A47, A71). Belongs to the
/// event loop: no method is thread-safe.
/// </summary>
/// <param name="servers">Of plain names, in order of preference.</param>
/// <param name="federation">Servers of the authorities of xdstp names.</param>
/// <param name="node">Who we are.</param>
/// <param name="context">What all share.</param>
/// <param name="connect">Begins to connect a channel.</param>
internal sealed class AdsState(
    IReadOnlyList<IAdsTransport> servers,
    IReadOnlyDictionary<string, IReadOnlyList<IAdsTransport>> federation,
    NodeInfo node,
    ResourceContext context,
    Func<AdsChannel, AdsConnection> connect)
{
    private readonly Dictionary<string, ResourceType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<IAdsTransport, (AdsChannel Channel, AdsConnection Connection)> _channels = [];
    private readonly AdsAuthority _default = new(null, servers);
    private readonly Dictionary<string, AdsAuthority> _federated =
        federation.ToDictionary(a => a.Key, a => new AdsAuthority(a.Key, a.Value), StringComparer.Ordinal);

    // Channels that nobody uses any more, as long as they end.
    private readonly List<Task> _ending = [];

    /// <summary>Who we are, for first requests.</summary>
    public NodeInfo Node { get; private set; } = node;

    /// <summary>The count of subscriptions and of what ended them.</summary>
    public long Sequence { get; private set; }

    public XdsClientStatus Status
    {
        get
        {
            var active = _default.Active;
            return new(
                active?.Name ?? servers[0].Name,
                active is { IsConnected: true },
                active?.LastError,
                _types.Values.Select(t => StatusOf(t, active)).ToEquatableArray())
            {
                Node = Node,
                Servers = _channels.Values.Select(c => StatusOf(c.Channel)).ToEquatableArray(),
            };
        }
    }

    private IEnumerable<AdsAuthority> Authorities => _federated.Values.Prepend(_default);

    public void WatcherThrew(Exception exception) => AdsLog.WatcherThrew(context.Logger, exception);

    public void Subscribe<T>(ResourceKind<T> kind, string name, Subscription<T> watcher)
        where T : class
    {
        if (!_types.TryGetValue(kind.TypeUrl, out var type))
        {
            type = new ResourceTypeOf<T>(kind, context);
            _types.Add(kind.TypeUrl, type);
        }

        var resource = XdsName.Parse(kind.TypeUrl, name);
        var authority = Find(resource);
        ((ResourceTypeOf<T>)type).Subscribe(resource, authority, watcher, ++Sequence);
        if (authority.Active is not { } active)
        {
            UseNext(authority);
        }
        else if (active.Failure is not null && authority.Next is not null && HasUnanswered(authority))
        {
            // What it was told of what is known would no longer be true when it answers after the next one has.
            active.Restart();
            UseNext(authority);
        }
    }

    public void Unsubscribe<T>(ResourceKind<T> kind, string name, Subscription<T> watcher)
        where T : class
    {
        if (_types.TryGetValue(kind.TypeUrl, out var type))
        {
            ((ResourceTypeOf<T>)type).Unsubscribe(XdsName.Parse(kind.TypeUrl, name), watcher, ++Sequence);
        }
    }

    public void UpdateNode(NodeInfo node)
    {
        var isNew = !(Node with { Metadata = node.Metadata } == node && JsonNode.DeepEquals(Node.Metadata, node.Metadata));
        Node = node;
        foreach (var (channel, connection) in _channels.Values)
        {
            if (isNew && channel.Restart())
            {
                AdsLog.NodeChanged(context.Logger, channel.Name);
            }

            connection.Hurry();
        }
    }

    /// <summary>Tells the streams what has something to say.</summary>
    public void Flush()
    {
        foreach (var (channel, _) in _channels.Values)
        {
            channel.Flush();
        }
    }

    /// <summary>The server has answered for the first time on its stream: who had fallen back from it comes back.</summary>
    public void Answered(AdsChannel channel)
    {
        foreach (var authority in Authorities.Where(a => a.Uses(channel)))
        {
            authority.Unreachable = null;
            authority.ServesFromCache = false;
            if (authority.ReturnTo(channel) is { Count: > 0 } left)
            {
                AdsLog.Returned(context.Logger, channel.Name, left[^1].Name);
                Leave(authority, left);
                channel.Resume(authority);
            }
        }
    }

    /// <summary>A stream to the server ended before it brought anything.</summary>
    public void Failed(AdsChannel channel)
    {
        foreach (var authority in Authorities.Where(a => a.Active == channel))
        {
            Failed(authority);
        }
    }

    /// <summary>The server lets a start wait.</summary>
    public void Silent(AdsChannel channel)
    {
        foreach (var authority in Authorities.Where(a => a.Active == channel))
        {
            ServeFromCache(authority);
        }
    }

    /// <summary>Ends all streams.</summary>
    public Task CloseAsync()
    {
        foreach (var (channel, connection) in _channels.Values)
        {
            channel.Close();
            _ending.Add(connection.DisposeAsync().AsTask());
        }

        _channels.Clear();
        return Task.WhenAll(_ending);
    }

    private static XdsTypeStatus StatusOf(ResourceType type, AdsChannel? active) => new(
        type.TypeUrl,
        type.ShortName,
        active?.On(type).Version ?? "",
        type.Entries.Where(e => e.HasWatchers).Select(e => e.Status).ToEquatableArray());

    private XdsServerStatus StatusOf(AdsChannel channel) => new(
        channel.Name,
        channel.IsConnected,
        channel.LastError,
        Authorities.Where(a => a.Active == channel).Select(a => a.Name ?? "").ToEquatableArray());

    private AdsAuthority Find(XdsName name)
    {
        if (name.Authority is null)
        {
            return _default;
        }

        // Of one that nobody knows, nothing is kept but its resources, which end with their watchers.
        return name.Problem is null && _federated.TryGetValue(name.Authority, out var known) ? known : new AdsAuthority(name.Authority, []);
    }

    private bool HasUnanswered(AdsAuthority authority) => _types.Values.Any(t => t.WatchedOf(authority).Any(e => e.IsUnanswered));

    private void Failed(AdsAuthority authority)
    {
        // gRFC A71: only for what is not known, and only then do watchers hear of it when there is no server left.
        if (authority.Next is not null)
        {
            if (HasUnanswered(authority))
            {
                UseNext(authority);
            }

            return;
        }

        authority.Unreachable = authority.Active!.Failure;
        ServeFromCache(authority);
        foreach (var entry in _types.Values.SelectMany(t => t.WatchedOf(authority)))
        {
            entry.Unreachable(authority.Unreachable!);
        }
    }

    private void UseNext(AdsAuthority authority)
    {
        if (authority.Next is not { } next)
        {
            return;
        }

        if (authority.Active is { } failed)
        {
            AdsLog.FellBack(context.Logger, failed.Name, next.Name);
        }

        if (!_channels.TryGetValue(next, out var used))
        {
            var channel = new AdsChannel(next, this, context);
            used = (channel, connect(channel));
            _channels.Add(next, used);
        }

        authority.Add(used.Channel, ++Sequence);
        used.Channel.Attach(authority, _types.Values);
        if (used.Channel.Failure is not null)
        {
            Failed(authority);
        }
    }

    private void Leave(AdsAuthority authority, IReadOnlyList<AdsChannel> left)
    {
        foreach (var channel in left)
        {
            if (Authorities.Any(a => a.Uses(channel)))
            {
                foreach (var type in _types.Values)
                {
                    channel.On(type).NamesChanged();
                }
            }
            else if (_channels.Remove(channel.Transport, out var unused))
            {
                channel.Close();
                _ending.RemoveAll(t => t.IsCompleted);
                _ending.Add(unused.Connection.DisposeAsync().AsTask());
            }
        }

        foreach (var entry in _types.Values.SelectMany(t => t.WatchedOf(authority)))
        {
            entry.Deadline = null;
        }
    }

    private void ServeFromCache(AdsAuthority authority)
    {
        if (context.Cache is null || authority.ServesFromCache)
        {
            return;
        }

        authority.ServesFromCache = true;
        foreach (var type in _types.Values)
        {
            type.RestoreFromCache(authority);
        }
    }
}
