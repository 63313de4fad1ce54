using Envoy.Service.Discovery.V3;
using Google.Protobuf.Collections;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One resource type's side of the protocol: its version, its nonce, what is subscribed. Belongs to the event loop.</summary>
internal abstract class ResourceType(string typeUrl, string shortName)
{
    private string? _nack;

    public string TypeUrl { get; } = typeUrl;

    public string ShortName { get; } = shortName;

    /// <summary>Last accepted version; survives reconnects.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Of the last response on this stream.</summary>
    public string Nonce { get; private set; } = "";

    /// <summary>A request of this type has gone out on this stream, so that responses are expected.</summary>
    public bool IsRequested { get; private set; }

    /// <summary>There is something to tell the server.</summary>
    public bool IsDirty { get; protected set; }

    public abstract int Count { get; }

    public abstract XdsTypeStatus Status { get; }

    /// <summary>Starts a stream's life: nothing has been asked on it yet, no nonce is known.</summary>
    public void StreamOpened()
    {
        Nonce = "";
        _nack = null;
        IsRequested = false;
        IsDirty = Count > 0;
        Forget(long.MaxValue);
        RestartWaiting();
    }

    /// <summary>Takes a response of this type, tells watchers, and notes whether it is accepted. Returns the reasons if not.</summary>
    public string? Receive(DiscoveryResponse response)
    {
        Nonce = response.Nonce;
        var errors = new BoundedText();
        Apply(response, errors);
        _nack = errors.Count == 0 ? null : errors.ToString();
        if (_nack is null)
        {
            Version = response.VersionInfo;
        }

        IsDirty = true;
        return _nack;
    }

    /// <summary>The request that says all that there is to say: names, acknowledgement or its refusal.</summary>
    public DiscoveryRequest TakeRequest()
    {
        var request = new DiscoveryRequest { TypeUrl = TypeUrl, VersionInfo = Version, ResponseNonce = Nonce };
        WriteNames(request.ResourceNames);
        if (_nack is not null)
        {
            request.ErrorDetail = new() { Code = (int)Grpc.GrpcStatusCode.InvalidArgument, Message = _nack };
            _nack = null;
        }

        IsRequested = true;
        IsDirty = false;
        return request;
    }

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

    protected abstract void RestartWaiting();

    protected abstract void Apply(DiscoveryResponse response, BoundedText errors);

    protected abstract void WriteNames(RepeatedField<string> names);
}
