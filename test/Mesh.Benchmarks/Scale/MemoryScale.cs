using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>
/// What an endpoint weighs in the control plane, part by part, on the managed heap of this process: a registered workload as its stream
/// described it, without the stream itself. And what it takes to register many.
/// </summary>
internal static class MemoryScale
{
    private static readonly int[] s_crowds = [10_000, 50_000];

    public static IReadOnlyList<Verdict> Run(ScaleOptions options, TextWriter output) =>
        [Weigh(options.Services, options.Endpoints, output), .. WrittenScale.Run(options, output), .. RegistrationScale.Run(s_crowds, options.Services, output)];

    // Optimised from the start: code that is not yet holds what its variables held before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Verdict Weigh(int services, int endpoints, TextWriter output)
    {
        Serve(new MeshModel(new MeshSettings(), [], []), null, 0);
        var (count, start) = (services * endpoints, Heap());
        var resources = Serve(new MeshModel(new MeshSettings(), [.. Enumerable.Range(0, services).Select(ScaledNodes.Service)], []), null, services);
        var bare = Heap();
        var registry = new WorkloadRegistry();
        var registrations = Register(registry, count, services);
        var registered = Heap();
        GC.KeepAlive(registrations);
        registrations = null;
        var released = Heap();
        var model = new MeshModel(new MeshSettings(), [.. resources.Model.Objects.Of<Service>()], registry.Current, resources.Model);
        var modelled = Heap();
        resources = Serve(model, resources, services);
        var encoded = Heap();
        GC.KeepAlive(registry);
        GC.KeepAlive(resources);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} endpoints of {services} services; a service without endpoints: {(double)(bare - start) / services:0} bytes"));
        foreach (var (part, bytes) in ((string, long)[])[
            ("registry", released - bare), ("registration, held by its stream", registered - released), ("model", modelled - released), ("encoded, shared by all who subscribe", encoded - modelled)])
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {part}: {(double)bytes / count:0.0} bytes each"));
        }

        var (onDisk, written) = Remember(registry);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  on disk: {(double)onDisk / count:0.0} bytes each; garbage of writing them: {(double)written / count:0.0} bytes each"));
        return new Verdict("scale-memory-per-endpoint", (double)(encoded - bare + registered - released) / count, " B", 300, AtLeast: false);
    }

    // Neither is inlined: what they leave on the stack would be counted as held.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WorkloadRegistration[] Register(WorkloadRegistry registry, int count, int services)
    {
        var registrations = new WorkloadRegistration[count];
        for (var i = 0; i < count; i++)
        {
            registrations[i] = registry.Register(ScaledNodes.Workload(i, services));
        }

        GC.KeepAlive(registry.Current);
        return registrations;
    }

    private static (long OnDisk, long Allocated) Remember(WorkloadRegistry registry)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-memory-");
        try
        {
            var remembered = new RememberedWorkloads(folder.FullName, registry, TimeProvider.System, NullLogger<RememberedWorkloads>.Instance);
            remembered.Start();
            var before = GC.GetAllocatedBytesForCurrentThread();
            remembered.Dispose();
            return (folder.EnumerateFiles().Sum(f => f.Length), GC.GetAllocatedBytesForCurrentThread() - before);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Clients subscribe to everything; and some other push comes by, which needs nothing of this one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ModelResources Serve(MeshModel model, ModelResources? previous, int services)
    {
        var resources = previous;
        foreach (var version in (string[])["changed", "other"])
        {
            resources = new ModelResources(version, model, null, resources);
            resources.TakeChanges();
            var view = resources.ViewFor(new ProxyView(ProxyProfile.Mesh, "default", "client", "client", EquatableMap.Empty, new LocalityId("region-1", "zone-1", "")));
            for (var i = 0; i < services; i++)
            {
                view.Find(TypeUrl.Endpoints, ScaledMesh.Cluster(i))!.InDelta(TypeUrl.Endpoints);
            }
        }

        return resources!;
    }

    public static long Heap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
