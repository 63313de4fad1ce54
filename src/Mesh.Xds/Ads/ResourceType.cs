using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One resource type: what is subscribed of it, and its side of the protocol on the present stream. Belongs to the event loop.</summary>
internal abstract class ResourceType(string typeUrl, string shortName)
{
    private ITypeProtocol? _protocol;

    public string TypeUrl { get; } = typeUrl;

    public string ShortName { get; } = shortName;

    /// <summary>Last accepted version; survives reconnects.</summary>
    public string Version { get; set; } = "";

    /// <summary>A request of this type has gone out on this stream, so that responses are expected.</summary>
    public bool IsRequested => _protocol is { IsRequested: true };

    /// <summary>There is something to tell the server.</summary>
    public bool IsDirty => _protocol is { IsDirty: true };

    public abstract int Count { get; }

    public abstract IEnumerable<string> WatchedNames { get; }

    /// <summary>Resources in force that a server has sent to this process, with their versions.</summary>
    public abstract Dictionary<string, string> KnownVersions { get; }

    public abstract XdsTypeStatus Status { get; }

    /// <summary>Starts a stream's life: nothing has been asked on it yet, no nonce is known.</summary>
    public void StreamOpened(bool delta)
    {
        if (_protocol is not null && _protocol is DeltaTypeProtocol != delta)
        {
            // The other variant's versions mean something else.
            Version = "";
        }

        Forget(long.MaxValue);
        RestartWaiting();
        _protocol = delta ? new DeltaTypeProtocol(this) : new SotwTypeProtocol(this);
    }

    /// <summary>Takes a response of this type, tells watchers, and notes whether it is accepted. Returns the reasons if not.</summary>
    public string? Receive(IMessage response) => _protocol?.Receive(response);

    /// <summary>What there is to say, or null.</summary>
    public IMessage? TakeRequest(Node? node) => _protocol?.TakeRequest(node);

    /// <summary>Takes a response's resources and tells watchers. Returns what is wrong with it, or null.</summary>
    public abstract string? Apply(DiscoveryResponse response);

    /// <summary>Takes a response's resources and tells watchers. Returns what is wrong with it, or null.</summary>
    public abstract string? Apply(DeltaDiscoveryResponse response);

    /// <summary>Starts the wait of resources that a request, which has now been sent, named for the first time. Null when there are none.</summary>
    public abstract object? StartWaiting(long sentSequence);

    /// <summary>Forgets what nobody watches any more, as far as a request without its name has been sent, or all if there is no stream.</summary>
    public abstract void Forget(long sentSequence);

    /// <summary>The wait that <see cref="StartWaiting"/> began is over.</summary>
    public abstract void Expire(object deadline, TimeSpan waited);

    /// <summary>The stream is gone: silence no longer means anything.</summary>
    public abstract void StopWaiting();

    public abstract void Unreachable(ResourceError error);

    /// <summary>Takes last-known-good values for all that has none.</summary>
    public abstract void RestoreFromCache();

    protected void NamesChanged() => _protocol?.NamesChanged();

    protected abstract void RestartWaiting();
}
