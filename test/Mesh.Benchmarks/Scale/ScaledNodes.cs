using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Benchmarks.Scale.Swarm;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;
using Node = Envoy.Config.Core.V3.Node;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>Services and their workloads, without any file or stream.</summary>
internal static class ScaledNodes
{
    public static Service Service(int index)
    {
        var at = new SourcePosition("mesh.yaml", 1, 1);
        var meta = new ObjectMeta(new ObjectId("Service", ScaledMesh.Namespace(index), ScaledMesh.Service(index)), EquatableMap.Empty, EquatableMap.Empty, null, at);
        return new Service(meta, EquatableMap.From([new("app", ScaledMesh.Service(index))]), [new ServicePort(ScaledMesh.Port, "http", PortProtocol.Http, 8080, null, at)]);
    }

    /// <summary>As an app with AddMesh describes itself: its instances differ in address and in eight digits of the id.</summary>
    public static RegisteredWorkload Workload(int index, int services)
    {
        var (address, service) = (ScaledMesh.ClientAddress(index), index % services);
        var (ns, name) = (ScaledMesh.Namespace(service), ScaledMesh.Service(service));
        var node = SwarmPlan.NodeOf(index, address, service);
        node.Id = string.Create(CultureInfo.InvariantCulture, $"sidecar~{address}~{name}-{unchecked((uint)index * 2654435761):x8}.{ns}~{ns}.svc.cluster.local");
        node.Metadata.Fields["WORKLOAD_NAME"] = Value.ForString(name);
        node.Metadata.Fields["LABELS"].StructValue.Fields["security.istio.io/tlsMode"] = Value.ForString("istio");

        // Read from the wire as a stream would: every text is its own.
        return ClientNodeReader.Read(Node.Parser.ParseFrom(node.ToByteArray())).ToWorkload(authenticated: true)!;
    }
}
