using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Everything the translation may look at, indexed, immutable. No look-up scans all objects or all workloads.</summary>
internal sealed class MeshModel
{
    private readonly LabelIndex<MeshWorkload> _workloads;

    public MeshModel(MeshSettings settings, ImmutableArray<MeshObject> objects, ImmutableArray<RegisteredWorkload> workloads)
    {
        Settings = settings;
        Services = new ServiceIndex(settings, objects);
        VirtualServices = new VirtualServiceIndex(settings, objects);
        DestinationRules = new DestinationRuleIndex(settings, objects);
        PeerAuthentications = new PeerAuthenticationIndex(settings, objects);
        Authorizations = new PolicyIndex<AuthorizationPolicy>(settings, objects, p => p.Selector);
        AuthorizationProviders = new AuthorizationProviders(settings, objects);
        RateLimits = new PolicyIndex<RateLimitPolicy>(settings, objects, p => p.Selector);
        RequestAuthentications = new RequestAuthenticationIndex(settings, objects);
        Sidecars = new SidecarIndex(settings, objects);
        Chaos = new ChaosIndex(settings, objects);
        _workloads = new LabelIndex<MeshWorkload>(
            workloads.Select(MeshWorkload.From)
                .Concat(objects.OfType<WorkloadEntry>().Select(MeshWorkload.From))
                .OrderBy(w => w.Id, StringComparer.Ordinal),
            w => w.Namespace,
            w => w.Labels);
    }

    public MeshSettings Settings { get; }

    public ServiceIndex Services { get; }

    public VirtualServiceIndex VirtualServices { get; }

    public DestinationRuleIndex DestinationRules { get; }

    public PeerAuthenticationIndex PeerAuthentications { get; }

    public PolicyIndex<AuthorizationPolicy> Authorizations { get; }

    public AuthorizationProviders AuthorizationProviders { get; }

    public PolicyIndex<RateLimitPolicy> RateLimits { get; }

    public RequestAuthenticationIndex RequestAuthentications { get; }

    /// <summary>Keys that RequestAuthentications refer to.</summary>
    public KeySets KeySets { get; init; } = KeySets.None;

    public SidecarIndex Sidecars { get; }

    public ChaosIndex Chaos { get; }

    /// <summary>The workloads of a namespace with all these labels.</summary>
    public ImmutableArray<MeshWorkload> WorkloadsLabelled(string @namespace, EquatableMap labels) => _workloads.Select(@namespace, labels);

    /// <summary>What serves a host: workloads and WorkloadEntries of its namespace that it selects, and its inline endpoints.</summary>
    public ImmutableArray<MeshWorkload> WorkloadsOf(MeshService service) =>
        service.Endpoints.Count == 0 && service.Selector.Count > 0
            ? Admitted(service, _workloads.Select(service.Namespace, service.Selector))
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
