using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Tests.Ads;
using ResourceError = ProxylessMesh.Xds.Ads.ResourceError;

namespace ProxylessMesh.Xds.Tests.Mutations;

/// <summary>One resource type on one stream, as the client holds it, with a watcher of one name; checks what becomes of each response.</summary>
internal sealed class MutationTarget<T> : IResourceWatcher<T>
    where T : class
{
    /// <summary>Far above what a few thousand bytes ever need, far below what an amplification would take.</summary>
    private const long MaxBytes = 8 << 20;

    private const int LongestAnswer = 8192;

    private readonly ResourceKind<T> _kind;
    private readonly ResourceTypeOf<T> _subscribed;
    private readonly ChannelType _type;
    private readonly string _name;
    private readonly bool _delta;
    private T? _value;
    private int _count;

    public MutationTarget(ResourceKind<T> kind, string name, bool delta)
    {
        (_kind, _name, _delta) = (kind, name, delta);
        var server = new Ads.ScriptedServer();
        var context = new ResourceContext(null, new FakeTime(), static _ => { }, NullLogger.Instance);
        var state = new AdsState(
            [server], new Dictionary<string, IReadOnlyList<IAdsTransport>>(), AdsFixture.Node(), context, static _ => throw new InvalidOperationException("nobody connects"));
        var channel = new AdsChannel(server, state, context);
        var authority = new AdsAuthority(null, [server]);
        authority.Add(channel, 0);
        _subscribed = new ResourceTypeOf<T>(kind, context);
        _type = channel.On(_subscribed);
        _type.StreamOpened(delta);
        _subscribed.Subscribe(
            XdsName.Parse(kind.TypeUrl, name), authority, new Subscription<T>(this, static _ => { }, static e => throw new InvalidOperationException("a watcher threw", e)), 1);
        _type.TakeRequest(null, 1);
    }

    /// <summary>Responses that were taken, and that were refused.</summary>
    public (int Accepted, int Refused) Outcomes { get; private set; }

    public string Name => _name;

    /// <summary>A response with this resource and nothing else: it must be answered as the resource deserves, and nothing but a good one may count.</summary>
    public void Send(byte[] resource)
    {
        var bytes = ByteString.CopyFrom(resource);
        var result = _kind.Decode(bytes);
        var name = result.Name ?? (_delta ? _name : null);
        var isGood = result.Value is not null;
        var before = _value;

        var refused = Receive(Response(bytes, name).ToByteArray(), expectReadable: true);

        Assert.True(
            refused is null == (isGood || (name is not null && name != _name)),
            $"answered with {refused ?? "ACK"}, decoded to {(isGood ? "a value" : string.Join("; ", result.Errors))}");
        if (isGood && name == _name)
        {
            Assert.Equal(result.Value, _value);
        }
        else
        {
            Assert.Same(before, _value);
        }
    }

    /// <summary>Any bytes as a response. Returns why it was refused.</summary>
    public string? Receive(byte[] response, bool expectReadable = false)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        IMessage message;
        try
        {
            message = _delta ? DeltaDiscoveryResponse.Parser.ParseFrom(response) : DiscoveryResponse.Parser.ParseFrom(response);
        }
        catch (Exception e) when (!expectReadable && e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // The stream ends here: GrpcFrameReader's error.
            return "unreadable";
        }

        var version = _type.Version;
        var refused = _type.Receive(message);
        var request = _type.TakeRequest(null, 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes);
        CheckAnswer(message, request, refused, version);
        Outcomes = refused is null ? (Outcomes.Accepted + 1, Outcomes.Refused) : (Outcomes.Accepted, Outcomes.Refused + 1);
        return refused;
    }

    /// <summary>What was good before is good still: nothing that came between has left a trace.</summary>
    public void ExpectToWork(byte[] resource)
    {
        Send(resource);
        Assert.Equal(_kind.Decode(ByteString.CopyFrom(resource)).Value, _value);
        Assert.Single(_subscribed.Entries);
        Assert.Equal([_name], _type.WatchedNames);
    }

    /// <summary>A response as it should be.</summary>
    public IMessage Response(ByteString resource, string? outerName)
    {
        var any = new Any { TypeUrl = _kind.TypeUrl, Value = resource };
        var nonce = $"n{++_count}";
        return _delta
            ? new DeltaDiscoveryResponse { TypeUrl = _kind.TypeUrl, SystemVersionInfo = $"v{_count}", Nonce = nonce, Resources = { new Resource { Name = outerName ?? _name, Version = $"{_count}", Resource_ = any } } }
            : new DiscoveryResponse { TypeUrl = _kind.TypeUrl, VersionInfo = $"v{_count}", Nonce = nonce, Resources = { any } };
    }

    public void OnChanged(T resource) => _value = resource;

    public void OnMissing(ResourceError error)
    {
        // Only what was never there can be missing: what is cached stays (gRFC A88).
        Assert.Null(_value);
    }

    public void OnAmbientError(ResourceError error) => Assert.InRange(error.Message.Length, 1, LongestAnswer);

    /// <summary>Rules 2 and 22: each response is answered by itself, a refusal with its reasons and, in state of the world, the old version.</summary>
    private void CheckAnswer(IMessage response, IMessage? request, string? refused, string versionBefore)
    {
        var (nonce, error) = request switch
        {
            DiscoveryRequest sotw => (sotw.ResponseNonce, sotw.ErrorDetail),
            DeltaDiscoveryRequest delta => (delta.ResponseNonce, delta.ErrorDetail),
            _ => throw new InvalidOperationException("no answer"),
        };
        Assert.Equal(response is DiscoveryResponse r ? r.Nonce : ((DeltaDiscoveryResponse)response).Nonce, nonce);
        Assert.Equal(refused, error?.Message);
        Assert.InRange(refused?.Length ?? 1, 1, LongestAnswer);
        if (refused is not null)
        {
            Assert.Equal(versionBefore, _type.Version);
            Assert.Equal(3, error!.Code);
            Assert.Equal(versionBefore, (request as DiscoveryRequest)?.VersionInfo ?? versionBefore);
        }
    }
}
