using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Xds.Tests.Dependencies;

/// <summary>
/// The four types in a notation short enough for a test: <c>reviews:9080=rds routes</c>, <c>x=inline c1,c2</c>,
/// <c>0.0.0.0:80=inbound 80</c>; <c>routes=c1,c2</c>; <c>c1=eds e1</c>, <c>c1=static 10.0.0.1</c>, <c>c1=aggregate c2,c3</c>; <c>e1=10.0.0.1,10.0.0.2</c>; <c>any=!reason</c>.
/// </summary>
internal static class MeshKinds
{
    public static ServiceResourceKinds All { get; } = new(
        new("test/lds", "LDS", true, b => Decode(b, Listener)),
        new("test/rds", "RDS", false, b => Decode(b, Routes)),
        new("test/cds", "CDS", true, b => Decode(b, Cluster)),
        new("test/eds", "EDS", false, b => Decode(b, Endpoints)));

    public static Any Any<T>(ResourceKind<T> kind, string text)
        where T : class => new() { TypeUrl = kind.TypeUrl, Value = ByteString.CopyFromUtf8(text) };

    private static DecodeResult<T> Decode<T>(ByteString bytes, Func<string, string, T> read)
        where T : class
    {
        var parts = bytes.ToStringUtf8().Split('=', 2);
        return parts[1].StartsWith('!') ? DecodeResult<T>.Failed(parts[0], [parts[1][1..]]) : DecodeResult<T>.Ok(parts[0], read(parts[0], parts[1]));
    }

    private static ListenerConfig Listener(string name, string text)
    {
        var parts = text.Split(' ', 2);
        return parts[0] switch
        {
            "inbound" => new InboundListenerConfig(name, "0.0.0.0", int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), [], null),
            "inline" => new OutboundListenerConfig(name, new(null, Routes("inline", parts[1]), [])),
            _ => new OutboundListenerConfig(name, new(parts[1], null, [])),
        };
    }

    private static RouteConfig Routes(string name, string text) => new(
        name,
        [new VirtualHostConfig("all", ["*"], [new RouteEntryConfig("r", new RouteMatchConfig(new(PathMatchKind.Prefix, "/"), [], [], null), new ForwardActionConfig(text.Split(',').Select(c => new WeightedClusterConfig(c, 1)).ToEquatableArray(), null, null))])]);

    private static ClusterConfig Cluster(string name, string text)
    {
        var parts = text.Split(' ', 2);
        if (parts[0] == "aggregate")
        {
            return new(name, ClusterDiscovery.Aggregate, name, null, default, TimeSpan.FromSeconds(5), null, null, []) { Children = parts[1].Split(',').ToEquatableArray() };
        }

        var isEds = parts[0] == "eds";
        return new(name, isEds ? ClusterDiscovery.Eds : ClusterDiscovery.Static, isEds ? parts[1] : name, isEds ? null : Endpoints(name, parts[1]), default, TimeSpan.FromSeconds(5), null, null, []);
    }

    private static EndpointsConfig Endpoints(string name, string text) => new(
        name,
        [new LocalityConfig(default, 1, 0, text.Split(',').Select(a => new EndpointConfig(a, 9080, 1, EndpointHealth.Healthy, EquatableMap.Empty)).ToEquatableArray())]);
}
