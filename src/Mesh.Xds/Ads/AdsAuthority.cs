namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Whose servers know a resource: <paramref name="servers"/> in order of preference (gRFC A71). It uses one at a time and, while that is
/// not the first, goes on trying those before it. Belongs to the event loop.
/// </summary>
/// <param name="name">As in xdstp names; null: plain names.</param>
/// <param name="servers">None: it is not known.</param>
internal sealed class AdsAuthority(string? name, IReadOnlyList<IAdsTransport> servers)
{
    private readonly IAdsTransport[] _servers = [.. servers.Distinct()];

    // Those that are tried, in order of preference; the last is the one in use.
    private readonly List<(AdsChannel Channel, long Since)> _channels = [];

    public string? Name { get; } = name;

    /// <summary>The server in use; null before anything was watched.</summary>
    public AdsChannel? Active => _channels.Count == 0 ? null : _channels[^1].Channel;

    /// <summary>What comes after the server in use, or null.</summary>
    public IAdsTransport? Next => _channels.Count < _servers.Length ? _servers[_channels.Count] : null;

    /// <summary>Set while no server can be reached.</summary>
    public ResourceError? Unreachable { get; set; }

    /// <summary>No server has answered in time, and what the last process knew is used.</summary>
    public bool ServesFromCache { get; set; }

    /// <summary>Why its servers cannot be asked for the name, or null.</summary>
    public string? Describe(XdsName resource) =>
        resource.Problem ?? (_servers.Length == 0 ? $"belongs to the authority \"{Name}\", which the bootstrap does not list" : null);

    public bool Uses(AdsChannel channel) => IndexOf(channel) >= 0;

    /// <summary>In the client's count, when the authority began to use the channel.</summary>
    public long UsesSince(AdsChannel channel) => _channels[IndexOf(channel)].Since;

    /// <summary>Uses one more server.</summary>
    public void Add(AdsChannel channel, long sequence) => _channels.Add((channel, sequence));

    /// <summary>Leaves all servers behind this one, and returns them; none when it is in use or not one of ours.</summary>
    public IReadOnlyList<AdsChannel> ReturnTo(AdsChannel channel)
    {
        var index = IndexOf(channel);
        if (index < 0 || index == _channels.Count - 1)
        {
            return [];
        }

        var left = _channels.Skip(index + 1).Select(c => c.Channel).ToArray();
        _channels.RemoveRange(index + 1, left.Length);
        return left;
    }

    /// <summary>Other names of the type are watched than before.</summary>
    public void NamesChanged(ResourceType type)
    {
        foreach (var (channel, _) in _channels)
        {
            channel.On(type).NamesChanged();
        }
    }

    /// <summary>A resource is watched that nobody was asked for yet.</summary>
    public void Subscribed(ResourceType type, ResourceEntry entry)
    {
        foreach (var (channel, _) in _channels)
        {
            channel.On(type).Subscribed(entry);
        }
    }

    /// <summary>All servers have heard what was said of the type until then.</summary>
    public bool HasTold(ResourceType type, long sequence) => _channels.TrueForAll(c => c.Channel.On(type).HasTold(sequence));

    // Asked for each resource of each request, so without a closure.
    private int IndexOf(AdsChannel channel)
    {
        for (var i = 0; i < _channels.Count; i++)
        {
            if (_channels[i].Channel == channel)
            {
                return i;
            }
        }

        return -1;
    }
}
