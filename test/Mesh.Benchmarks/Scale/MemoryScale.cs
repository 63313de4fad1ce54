using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Benchmarks.Scale.Swarm;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>
/// What a registered workload weighs in the control plane, without its stream: registry, model and encoded endpoints, on the managed
/// heap of this process.
/// </summary>
internal static class MemoryScale
{
    private const int PerService = 20;

    public static IReadOnlyList<Verdict> Run(ScaleOptions options, TextWriter output)
    {
        var services = Enumerable.Range(0, options.Services).Select(Service).ToList<MeshObject>();
        var (registry, count) = (new WorkloadRegistry(), options.Services * PerService);
        var empty = new ModelResources("0", new MeshModel(new MeshSettings(), [.. services], []));
        Translate(empty, options.Services);
        var before = Heap();
        for (var i = 0; i < count; i++)
        {
            // Read from the wire as a stream would: every text is its own.
            var bytes = SwarmPlan.NodeOf(i, ScaledMesh.ClientAddress(i), i % options.Services);
            var node = Envoy.Config.Core.V3.Node.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(bytes));
            registry.Register(ClientNodeReader.Read(node).ToWorkload(authenticated: true)!);
        }

        var listed = Heap();
        var full = new ModelResources("1", new MeshModel(new MeshSettings(), [.. services], registry.Current));
        Translate(full, options.Services);
        var after = Heap();
        GC.KeepAlive(empty);
        GC.KeepAlive(full);
        GC.KeepAlive(registry);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} endpoints: {(double)(listed - before) / count:0} bytes each in the registry, {(double)(after - listed) / count:0} in the model and as encoded endpoints"));
        return [new Verdict("scale-memory-per-endpoint", (double)(after - before) / count, " B", 300, AtLeast: false)];
    }

    private static void Translate(ModelResources resources, int services)
    {
        var view = resources.ViewFor(new ProxyView(ProxyProfile.Mesh, "default", "client", "client", EquatableMap.Empty, new LocalityId("region-1", "zone-1", "")));
        for (var i = 0; i < services; i++)
        {
            view.Find(TypeUrl.Endpoints, ScaledMesh.Cluster(i))!.InDelta(TypeUrl.Endpoints);
        }
    }

    private static Service Service(int index)
    {
        var at = new SourcePosition("mesh.yaml", 1, 1);
        var meta = new ObjectMeta(new ObjectId("Service", ScaledMesh.Namespace(index), ScaledMesh.Service(index)), EquatableMap.Empty, EquatableMap.Empty, null, at);
        return new Service(meta, EquatableMap.From([new("app", ScaledMesh.Service(index))]), [new ServicePort(ScaledMesh.Port, "http", PortProtocol.Http, 8080, null, at)]);
    }

    private static long Heap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
