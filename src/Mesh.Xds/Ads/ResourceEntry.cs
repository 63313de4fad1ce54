namespace ProxylessMesh.Xds.Ads;

/// <summary>What the protocol needs to know of a subscribed resource, whatever its type. Belongs to the event loop.</summary>
internal abstract class ResourceEntry(string name, AdsAuthority authority, long sequence)
{
    public string Name { get; } = name;

    /// <summary>Whose servers are asked for it.</summary>
    public AdsAuthority Authority { get; } = authority;

    /// <summary>When it was subscribed, in the client's count; tells whether a request that was sent named it.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The deadline for the server's answer on this stream, if one runs.</summary>
    public object? Deadline { get; set; }

    /// <summary>When its last watcher left, in the client's count.</summary>
    public long DroppedAt { get; set; }

    /// <summary>Of the value in force; empty when there is none.</summary>
    public string Version { get; protected set; } = "";

    /// <summary>Where the value in force came from; null: from the last-known-good cache, or there is none.</summary>
    public IAdsTransport? Source { get; protected set; }

    /// <summary>The value came from a server in this process's life, not from the last-known-good cache.</summary>
    public bool IsConfirmed => Source is not null;

    /// <summary>The state under which it was last counted; null: not yet.</summary>
    public string? CountedAs { get; set; }

    /// <summary>The value of <c>grpc.xds.cache_state</c> (gRFCs A78, A88).</summary>
    public abstract string CacheState { get; }

    public abstract bool HasWatchers { get; }

    public abstract bool HasValue { get; }

    /// <summary>No server has said anything about it yet.</summary>
    public abstract bool IsUnanswered { get; }

    public abstract XdsResourceStatus Status { get; }

    /// <summary>No server can be reached. What a server has said before (also "there is none") stays.</summary>
    public abstract void Unreachable(ResourceError error);
}
