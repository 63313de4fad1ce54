using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Everything the translation may look at, indexed, immutable. No look-up scans all objects or all workloads.</summary>
internal sealed class MeshModel
{
    private readonly LabelIndex<WorkloadEntry> _entries;
    private readonly LabelIndex<ReadOnlyMemory<RegisteredWorkload>> _registered;

    /// <param name="settings">Before any MeshConfig.</param>
    /// <param name="objects">All that counts.</param>
    /// <param name="workloads">Those that are connected.</param>
    /// <param name="previous">A model of the same control plane: what did not change since is taken from it.</param>
    public MeshModel(MeshSettings settings, ImmutableArray<MeshObject> objects, ImmutableArray<RegisteredWorkload> workloads, MeshModel? previous = null)
    {
        Objects = new ObjectKinds(objects);
        Registered = workloads;
        Settings = settings = settings.With(Objects.Of<MeshConfig>());
        previous = previous?.Settings.Equals(settings) is true ? previous : null;
        var kept = new KeptIndices(previous, Objects);
        Services = kept.Or(m => m.Services, all => new ServiceIndex(settings, all), typeof(Service), typeof(ServiceEntry));
        VirtualServices = kept.Or(m => m.VirtualServices, all => new VirtualServiceIndex(settings, all), typeof(VirtualService));
        DestinationRules = kept.Or(m => m.DestinationRules, all => new DestinationRuleIndex(settings, all), typeof(DestinationRule));
        PeerAuthentications = kept.Or(m => m.PeerAuthentications, all => new PeerAuthenticationIndex(settings, all), typeof(PeerAuthentication));
        Authorizations = kept.Or(m => m.Authorizations, all => new PolicyIndex<AuthorizationPolicy>(settings, all, p => p.Selector), typeof(AuthorizationPolicy));
        AuthorizationProviders = kept.Or(m => m.AuthorizationProviders, all => new AuthorizationProviders(settings, all), typeof(MeshConfig));
        RateLimits = kept.Or(m => m.RateLimits, all => new PolicyIndex<RateLimitPolicy>(settings, all, p => p.Selector), typeof(RateLimitPolicy));
        RequestAuthentications = kept.Or(m => m.RequestAuthentications, all => new PolicyIndex<RequestAuthentication>(settings, all, p => p.Selector), typeof(RequestAuthentication));
        Sidecars = kept.Or(m => m.Sidecars, all => new SidecarIndex(settings, all), typeof(Sidecar));
        Gateways = kept.Or(m => m.Gateways, all => new GatewayIndex(all), typeof(Gateway));
        Chaos = kept.Or(m => m.Chaos, all => new ChaosIndex(settings, all), typeof(ChaosExperiment), typeof(Service), typeof(ServiceEntry));
        _entries = kept.Or(m => m._entries, all => new LabelIndex<WorkloadEntry>(all.OfType<WorkloadEntry>(), e => e.Meta.Id.Namespace, e => e.Endpoint.Labels), typeof(WorkloadEntry));
        _registered = previous is not null && previous.Registered == workloads ? previous._registered : ByKind(workloads);
    }

    /// <summary>What it was made of.</summary>
    public ObjectKinds Objects { get; }

    /// <summary>What it was made of, too.</summary>
    public ImmutableArray<RegisteredWorkload> Registered { get; }

    public MeshSettings Settings { get; }

    public ServiceIndex Services { get; }

    public VirtualServiceIndex VirtualServices { get; }

    public DestinationRuleIndex DestinationRules { get; }

    public PeerAuthenticationIndex PeerAuthentications { get; }

    public PolicyIndex<AuthorizationPolicy> Authorizations { get; }

    public AuthorizationProviders AuthorizationProviders { get; }

    public PolicyIndex<RateLimitPolicy> RateLimits { get; }

    public PolicyIndex<RequestAuthentication> RequestAuthentications { get; }

    /// <summary>Keys that RequestAuthentications refer to.</summary>
    public KeySets KeySets { get; init; } = KeySets.None;

    public SidecarIndex Sidecars { get; }

    public GatewayIndex Gateways { get; }

    public ChaosIndex Chaos { get; }

    /// <summary>The workloads of a namespace with all these labels.</summary>
    public ImmutableArray<MeshWorkload> WorkloadsLabelled(string @namespace, EquatableMap labels)
    {
        var found = ImmutableArray.CreateBuilder<MeshWorkload>();
        foreach (var kind in _registered.Select(@namespace, labels))
        {
            foreach (var workload in kind.Span)
            {
                found.Add(MeshWorkload.From(workload));
            }
        }

        found.AddRange(_entries.Select(@namespace, labels).Select(MeshWorkload.From));
        return found.DrainToImmutable();
    }

    /// <summary>What serves a host: workloads and WorkloadEntries of its namespace that it selects, and its inline endpoints.</summary>
    public ImmutableArray<MeshWorkload> WorkloadsOf(MeshService service) =>
        service.Endpoints.Count == 0 && service.Selector.Count > 0
            ? Admitted(service, WorkloadsLabelled(service.Namespace, service.Selector))
            : InlineWorkloads(service);

    /// <summary>The endpoints of a port; only those whose labels hold <paramref name="subset"/> as well.</summary>
    public IEnumerable<ServiceEndpoint> EndpointsOf(MeshService service, ServicePort port, EquatableMap subset)
    {
        foreach (var workload in WorkloadsOf(service))
        {
            if (subset.IsSubsetOf(workload.Labels) && PortResolution.Resolve(service, port, workload) is { } number)
            {
                var mutualTls = workload.ServiceAccount is not null
                    && PeerAuthentications.Effective(workload.Namespace, workload.Labels, number) != MutualTlsMode.Disable;
                yield return new ServiceEndpoint(workload, number, mutualTls);
            }
        }
    }

    /// <summary>Workloads of a kind have the same labels and stand side by side, so a part of the list is all that the index holds of them.</summary>
    private static LabelIndex<ReadOnlyMemory<RegisteredWorkload>> ByKind(ImmutableArray<RegisteredWorkload> workloads)
    {
        var kinds = new List<ReadOnlyMemory<RegisteredWorkload>>();
        for (var (start, end) = (0, 1); start < workloads.Length; end++)
        {
            if (end == workloads.Length || !ReferenceEquals(workloads[end].Kind, workloads[start].Kind))
            {
                kinds.Add(workloads.AsMemory()[start..end]);
                start = end;
            }
        }

        return new(kinds, kind => kind.Span[0].Namespace, kind => kind.Span[0].Labels);
    }

    private static ImmutableArray<MeshWorkload> Admitted(MeshService service, ImmutableArray<MeshWorkload> workloads) =>
        service.ServiceAccounts.Count == 0 ? workloads : [.. workloads.Where(service.Admits)];

    /// <summary>A ServiceEntry that resolves by DNS and lists no endpoints is its own one (Istio, ServiceEntry.resolution).</summary>
    private static ImmutableArray<MeshWorkload> InlineWorkloads(MeshService service)
    {
        var owner = new ObjectId(nameof(ServiceEntry), service.Namespace, service.Host);
        if (service.Endpoints.Count == 0 && service.Resolution is ServiceEntryResolution.Dns or ServiceEntryResolution.DnsRoundRobin && !HostName.IsWildcard(service.Host))
        {
            return [MeshWorkload.From(HostItself(service.Host), owner, index: 0)];
        }

        return [.. service.Endpoints.Select((endpoint, index) => MeshWorkload.From(endpoint, owner, index))];
    }

    private static WorkloadEndpoint HostItself(string host) => new(host, [], EquatableMap.Empty, ServiceAccount: null, Weight: 1, new LocalityId("", "", ""), default);
}
