using System.Globalization;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Authorization;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>The network filters of a port of TCP: who may connect, and on to the workload.</summary>
internal static class TcpFilters
{
    public static IReadOnlyList<Filter> Build(MeshModel model, ProxyView proxy, int port)
    {
        var cluster = string.Create(CultureInfo.InvariantCulture, $"inbound|{port}||");
        var end = new Filter
        {
            Name = "envoy.filters.network.tcp_proxy",
            TypedConfig = Any.Pack(new TcpProxy { StatPrefix = cluster, Cluster = cluster }),
        };
        return [.. NetworkAuthorizationFilters.Build(model, proxy), end];
    }
}
