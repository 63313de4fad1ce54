using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>
/// What may differ between two models: of which hosts clusters, endpoints and routes, and in which namespaces what servers listen with.
/// Routes, rules, workloads, a namespace's policies and what a service leads to, which change all day, are followed to what they
/// concern; anything else concerns everything.
/// </summary>
internal sealed class ModelChanges
{
    /// <summary>These are for servers alone: nothing that callers are told depends on them.</summary>
    private static readonly Type[] s_guards = [typeof(AuthorizationPolicy), typeof(RequestAuthentication), typeof(RateLimitPolicy)];

    private static readonly HashSet<Type> s_followed =
        [typeof(Service), typeof(VirtualService), typeof(DestinationRule), typeof(WorkloadEntry), typeof(PeerAuthentication), .. s_guards];

    private readonly HostSet _hosts = new();
    private readonly HostSet _served = new();
    private readonly HashSet<string> _grpcServersOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _serversOf = new(StringComparer.Ordinal);

    private ModelChanges()
    {
    }

    public static ModelChanges Everything { get; } = new() { IsEverything = true, ConcernGateways = true };

    public bool IsEverything { get; private init; }

    /// <summary>Namespaces in which what gRPC's servers listen with may differ: their policies changed, or those that are connected.</summary>
    public IReadOnlySet<string> GrpcServersOf => _grpcServersOf;

    /// <summary>The same of our own servers; those that are connected matter to them where services have ports of TCP.</summary>
    public IReadOnlySet<string> ServersOf => _serversOf;

    /// <summary>
    /// Whether what gateways listen for and where they route may be another: all of it, because a route of theirs is of many hosts, and
    /// their ports are those of Services that select them.
    /// </summary>
    public bool ConcernGateways { get; private set; }

    public static ModelChanges Between(MeshModel before, MeshModel after)
    {
        if (!before.Settings.Equals(after.Settings)
            || !before.KeySets.IsSameAs(after.KeySets)
            || before.Objects.All.Union(after.Objects.All).Any(kind => !s_followed.Contains(kind) && !before.Objects.IsSame(after.Objects, kind)))
        {
            return Everything;
        }

        var changes = new ModelChanges();
        if (!changes.TryFollowServices(before, after) || !changes.TryFollowPolicies(before, after))
        {
            return Everything;
        }

        changes.FollowRoutes(before, after);
        changes.FollowRules(before, after);
        changes.FollowWorkloads(before, after);
        changes.ConcernGateways = !after.Gateways.IsEmpty && (before.Registered != after.Registered || s_followed.Any(kind => !before.Objects.IsSame(after.Objects, kind)));
        return changes;
    }

    /// <summary>Clusters, endpoints and routes.</summary>
    public bool Concern(string host) => IsEverything || _hosts.Covers(host);

    /// <summary>Clusters and endpoints.</summary>
    public bool ConcernServersOf(string host) => IsEverything || _served.Covers(host);

    /// <summary>False: names of hosts or ports may mean something else than before, and they stand everywhere.</summary>
    private bool TryFollowServices(MeshModel before, MeshModel after)
    {
        foreach (var versions in ObjectKinds.Difference<Service>(before.Objects, after.Objects).GroupBy(s => s.Meta.Id))
        {
            if (versions.ToArray() is not [var one, var other] || !ServiceIndex.IsSameByName(one, other, after.Settings))
            {
                return false;
            }

            _hosts.Add(HostName.OfService(versions.Key.Name, versions.Key.Namespace, after.Settings.ClusterDomain));

            // Which of their ports are served, and what they carry, servers know of the services that select them.
            _serversOf.Add(versions.Key.Namespace);
            _grpcServersOf.Add(versions.Key.Namespace);
        }

        return true;
    }

    /// <summary>False: one of the root namespace, which is for everybody.</summary>
    private bool TryFollowPolicies(MeshModel before, MeshModel after)
    {
        var transports = ObjectKinds.Difference<PeerAuthentication>(before.Objects, after.Objects).Select(p => p.Meta.Id.Namespace).ToHashSet(StringComparer.Ordinal);
        var guarded = s_guards.SelectMany(kind => ObjectKinds.Difference(before.Objects, after.Objects, kind)).Select(p => p.Meta.Id.Namespace).Concat(transports).ToHashSet(StringComparer.Ordinal);
        _serversOf.UnionWith(guarded);
        _grpcServersOf.UnionWith(guarded);
        foreach (var service in transports.SelectMany(after.Services.In))
        {
            // Callers are told which endpoints take mTLS.
            _served.Add(service.Host);
        }

        return !guarded.Contains(after.Settings.RootNamespace);
    }

    private void FollowRoutes(MeshModel before, MeshModel after)
    {
        foreach (var changed in ObjectKinds.Difference<VirtualService>(before.Objects, after.Objects))
        {
            AddHosts(changed, after.Settings);
            if (changed.Hosts.Count == 0)
            {
                AddDelegating(before);
                AddDelegating(after);
            }
        }
    }

    private void AddDelegating(MeshModel model)
    {
        foreach (var root in model.Objects.Of<VirtualService>().Where(s => s.Http.Any(r => r.Delegate is not null)))
        {
            AddHosts(root, model.Settings);
        }
    }

    private void AddHosts(VirtualService service, MeshSettings settings)
    {
        foreach (var host in service.Hosts)
        {
            _hosts.Add(HostName.Resolve(host, service.Meta.Id.Namespace, settings.ClusterDomain));
        }
    }

    private void FollowRules(MeshModel before, MeshModel after)
    {
        HostSet? ruled = null;
        foreach (var changed in ObjectKinds.Difference<DestinationRule>(before.Objects, after.Objects))
        {
            var host = HostName.Resolve(changed.Host, changed.Meta.Id.Namespace, after.Settings.ClusterDomain);
            _hosts.Add(host);
            (ruled ??= new HostSet()).Add(host);
        }

        if (ruled is not null)
        {
            AddRoutesTo(ruled, before);
            AddRoutesTo(ruled, after);
        }
    }

    /// <summary>What a rule hashes stands on the routes to its host, and those may be another host's.</summary>
    private void AddRoutesTo(HostSet ruled, MeshModel model)
    {
        foreach (var service in model.Objects.Of<VirtualService>())
        {
            var leads = service.Http.Any(route => route.Destinations.Any(d =>
                ruled.Covers(HostName.Resolve(d.Host, service.Meta.Id.Namespace, model.Settings.ClusterDomain))));
            if (leads && service.Hosts.Count == 0)
            {
                AddDelegating(model);
            }
            else if (leads)
            {
                AddHosts(service, model.Settings);
            }
        }
    }

    private void FollowWorkloads(MeshModel before, MeshModel after)
    {
        foreach (var changed in ObjectKinds.Difference<WorkloadEntry>(before.Objects, after.Objects))
        {
            AddServedBy(after, changed.Meta.Id.Namespace, changed.Endpoint.Labels);
        }

        if (before.Registered != after.Registered)
        {
            foreach (var changed in Difference(before.Registered, after.Registered))
            {
                _grpcServersOf.Add(changed.Namespace);
                if (after.Services.HasTcpPorts(changed.Namespace))
                {
                    _serversOf.Add(changed.Namespace);
                }

                AddServedBy(after, changed.Namespace, changed.Labels);
            }
        }
    }

    private void AddServedBy(MeshModel model, string @namespace, Xds.Config.EquatableMap labels)
    {
        foreach (var service in model.Services.Selecting(@namespace, labels))
        {
            _served.Add(service.Host);
        }
    }

    private static HashSet<RegisteredWorkload> Difference(ImmutableArray<RegisteredWorkload> one, ImmutableArray<RegisteredWorkload> other)
    {
        var difference = one.ToHashSet<RegisteredWorkload>(ReferenceEqualityComparer.Instance);
        difference.SymmetricExceptWith(other);
        return difference;
    }
}
