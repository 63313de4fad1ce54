using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Scale;

/// <summary>A stream that accepts all that comes, in either variant of the protocol.</summary>
internal sealed class SubscribedClient : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse>? _sotw;
    private readonly GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse>? _delta;
    private readonly Dictionary<string, string[]> _names = [];
    private readonly Node _node;

    public SubscribedClient(Uri server, int number, bool delta)
    {
        _channel = new GrpcChannel(server, new GrpcChannelSettings(), tls: null, TimeProvider.System);
        _node = new Node
        {
            Id = $"sidecar~10.9.0.{number}~client-{number}.default~default.svc.cluster.local",
            Metadata = new Struct { Fields = { ["NAMESPACE"] = Value.ForString("default"), ["GENERATOR"] = Value.ForString("mesh"), ["WORKLOAD_NAME"] = Value.ForString($"client-{number}") } },
        };
        _delta = delta ? _channel.Duplex(WellKnownMethods.DeltaAggregatedResources, GrpcCallOptions.None) : null;
        _sotw = delta ? null : _channel.Duplex(WellKnownMethods.StreamAggregatedResources, GrpcCallOptions.None);
    }

    /// <summary>Asks for resources of one more type; returns the names of what comes, in order.</summary>
    public async Task<IEnumerable<string>> SubscribeAsync(string type, string[] names)
    {
        _names[type] = names;
        await RequestAsync(type, names);
        var (_, resources) = await ReceiveAsync();
        return resources.Select(NameOf).Order(StringComparer.Ordinal);
    }

    /// <summary>"TYPE NAME" of the next thing that comes, which must be one resource with this text in it.</summary>
    public async Task<string> NextAsync(string text)
    {
        var (type, resources) = await ReceiveAsync();
        var resource = Assert.Single(resources);
        Assert.Contains(text, resource.Value.ToStringUtf8(), StringComparison.Ordinal);
        await SettleAsync();
        return $"{type} {NameOf(resource)}";
    }

    public async ValueTask DisposeAsync()
    {
        await (_delta?.DisposeAsync() ?? _sotw!.DisposeAsync());
        _channel.Dispose();
    }

    /// <summary>Requests are taken in turn: with the answer to one more, the server has taken what was accepted before.</summary>
    private async Task SettleAsync()
    {
        _names[TypeUrl.Listener] = [.. _names[TypeUrl.Listener], $"nobody-{_names[TypeUrl.Listener].Length}:80"];
        await RequestAsync(TypeUrl.Listener, _names[TypeUrl.Listener]);
        Assert.Equal(TypeUrl.Listener, (await ReceiveAsync()).Type);
    }

    private Task RequestAsync(string type, string[] names) =>
        _delta?.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = type, ResourceNamesSubscribe = { names }, Node = _node }, CancellationToken.None)
        ?? _sotw!.WriteAsync(new DiscoveryRequest { TypeUrl = type, ResourceNames = { names }, Node = _node }, CancellationToken.None);

    private async Task<(string Type, IReadOnlyList<Any> Resources)> ReceiveAsync()
    {
        if (_delta is not null)
        {
            var response = await _delta.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience) ?? throw new InvalidOperationException("The stream ended.");
            await _delta.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce }, CancellationToken.None);
            return (response.TypeUrl, [.. response.Resources.Select(r => r.Resource_)]);
        }

        var whole = await _sotw!.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience) ?? throw new InvalidOperationException("The stream ended.");
        await _sotw.WriteAsync(
            new DiscoveryRequest { TypeUrl = whole.TypeUrl, VersionInfo = whole.VersionInfo, ResponseNonce = whole.Nonce, ResourceNames = { _names[whole.TypeUrl] } },
            CancellationToken.None);
        return (whole.TypeUrl, whole.Resources);
    }

    /// <summary>Field 1 of all four types.</summary>
    private static string NameOf(Any resource)
    {
        var input = new CodedInputStream(resource.Value.ToByteArray());
        return input.ReadTag() == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited) ? input.ReadString() : "";
    }
}
