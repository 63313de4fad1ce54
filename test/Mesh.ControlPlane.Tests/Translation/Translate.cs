using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

/// <summary>Asks the translator and reads the bytes back.</summary>
internal static class Translate
{
    public static Listener? Listener(MeshModel model, ProxyView proxy, string name) => Read(model, proxy, TypeUrl.Listener, name, Envoy.Config.Listener.V3.Listener.Parser);

    public static RouteConfiguration? Routes(MeshModel model, ProxyView proxy, string name) => Read(model, proxy, TypeUrl.Route, name, RouteConfiguration.Parser);

    public static Cluster? Cluster(MeshModel model, ProxyView proxy, string name) => Read(model, proxy, TypeUrl.Cluster, name, Envoy.Config.Cluster.V3.Cluster.Parser);

    public static ClusterLoadAssignment? Endpoints(MeshModel model, ProxyView proxy, string name) =>
        Read(model, proxy, TypeUrl.Endpoints, name, ClusterLoadAssignment.Parser);

    /// <summary>"127.0.0.1:9080" of every endpoint, in order; with "+mtls" where it says so.</summary>
    public static IEnumerable<string> Addresses(ClusterLoadAssignment? assignment) =>
        assignment!.Endpoints.SelectMany(l => l.LbEndpoints).Select(e =>
        {
            var at = e.Endpoint.Address.SocketAddress;
            return $"{at.Address}:{at.PortValue}{(e.Metadata is null ? "" : "+mtls")}";
        });

    private static T? Read<T>(MeshModel model, ProxyView proxy, string typeUrl, string name, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var resource = ResourceTranslator.Translate(model, proxy, typeUrl, name);
        Assert.True(resource is null || resource.Name == name);
        return resource is null ? null : parser.ParseFrom(resource.Bytes);
    }
}
