using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>All hosts of the mesh. Where several objects give one host, a Service goes first, then the client's own namespace, then the oldest.</summary>
internal sealed class ServiceIndex
{
    // Kubernetes convention of Istio: visibility of a Service is an annotation.
    private const string ExportToAnnotation = "networking.istio.io/exportTo";

    // Istio: the service accounts that are allowed to run the service (outside of a cluster, where nobody else checks it).
    private const string ServiceAccountsAnnotation = "alpha.istio.io/kubernetes-serviceaccounts";
    private const string SessionLabel = "istio.io/persistent-session";

    private readonly HostIndex<MeshService> _byHost;
    private readonly SelectorIndex<MeshService> _bySelector;
    private readonly HashSet<string> _withTcpPorts;
    private readonly string _clusterDomain;

    public ServiceIndex(MeshSettings settings, IReadOnlyCollection<MeshObject> objects)
    {
        _clusterDomain = settings.ClusterDomain;
        var services = objects.OfType<Service>().OldestFirst().Select(s => FromService(s, settings))
            .Concat(objects.OfType<ServiceEntry>().OldestFirst().SelectMany(FromServiceEntry))
            .ToList();
        _byHost = new HostIndex<MeshService>(services.Select(s => (s.Host, s)));
        _withTcpPorts = services.Where(s => s.Selector.Count > 0 && s.Ports.Any(p => p.IsTcp)).Select(s => s.Namespace).ToHashSet(StringComparer.Ordinal);
        _bySelector = new SelectorIndex<MeshService>(services, s => s.Namespace, s => s.Selector);
    }

    /// <summary>Every host that the namespace may call, once.</summary>
    public IEnumerable<MeshService> VisibleTo(string clientNamespace) =>
        _byHost.Patterns.SelectMany(p => InOrder(p.Value, clientNamespace));

    /// <summary>
    /// Whether two versions of a service are one to whoever looks for a host: in that they have the same ports, are visible to the same, and go
    /// before the same others. What they lead to may differ.
    /// </summary>
    public static bool IsSameByName(Service one, Service other, MeshSettings settings)
    {
        var (a, b) = (FromService(one, settings), FromService(other, settings));
        return one.Meta.CreatedAt == other.Meta.CreatedAt
            && a.Host == b.Host
            && a.SessionCookie == b.SessionCookie
            && a.Visibility.SameAs(b.Visibility)
            && a.Ports.Select(p => (p.Number, p.Name, p.Protocol)).SequenceEqual(b.Ports.Select(p => (p.Number, p.Name, p.Protocol)));
    }

    /// <summary>Those of a namespace's objects, for whomever.</summary>
    public IEnumerable<MeshService> In(string @namespace) => _byHost.Patterns.SelectMany(p => p.Value).Where(s => s.Namespace == @namespace);

    /// <summary>Whether there is a service of exactly this host, for whomever.</summary>
    public bool Knows(string host) => !_byHost.Exact(host).IsEmpty;

    /// <summary>The service of exactly this host that has this port.</summary>
    public MeshService? Find(string host, int port, string clientNamespace) =>
        InOrder(_byHost.Exact(host), clientNamespace).FirstOrDefault(s => s.FindPort(port) is not null);

    /// <summary>The service of exactly this host, whatever its ports.</summary>
    public MeshService? Find(string host, string clientNamespace) => InOrder(_byHost.Exact(host), clientNamespace).FirstOrDefault();

    /// <summary>What a client of this namespace means by a host as an application writes it.</summary>
    public MeshService? Lookup(string requested, int port, string clientNamespace)
    {
        foreach (var candidate in HostName.Candidates(requested, clientNamespace, _clusterDomain))
        {
            if (!HostName.IsWildcard(candidate) && Find(candidate, port, clientNamespace) is { } exact)
            {
                return exact;
            }
        }

        return _byHost.Covering(HostName.Normalize(requested))
            .SelectMany(level => InOrder(level, clientNamespace))
            .FirstOrDefault(s => HostName.IsWildcard(s.Host) && s.FindPort(port) is not null);
    }

    /// <summary>The services that would count a workload with these labels among their endpoints.</summary>
    public IEnumerable<MeshService> Selecting(string @namespace, EquatableMap labels) => _bySelector.Matching(@namespace, labels);

    /// <summary>Whether any service that selects workloads of the namespace has a port of TCP.</summary>
    public bool HasTcpPorts(string @namespace) => _withTcpPorts.Contains(@namespace);

    private static IEnumerable<MeshService> InOrder(IEnumerable<MeshService> services, string clientNamespace) =>
        services
            .Where(s => s.Visibility.Includes(clientNamespace))
            .OrderBy(s => s.ShortName is null)
            .ThenBy(s => s.Namespace != clientNamespace);

    private static MeshService FromService(Service service, MeshSettings settings)
    {
        var id = service.Meta.Id;
        var exportTo = service.Meta.Annotations.Find(ExportToAnnotation)
            ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new MeshService(
            HostName.OfService(id.Name, id.Namespace, settings.ClusterDomain),
            id.Namespace,
            HostName.Normalize(id.Name),
            service.Ports,
            service.Selector,
            [],
            ServiceEntryResolution.Static,
            MeshInternal: true,
            new Visibility(exportTo, id.Namespace))
        {
            PrefersNearby = TrafficDistribution.PrefersNearby(service),
            SessionCookie = CookieOf(service.Meta),
            ServiceAccounts = (service.Meta.Annotations.Find(ServiceAccountsAnnotation)
                ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? []).ToEquatableArray(),
        };
    }

    private static IEnumerable<MeshService> FromServiceEntry(ServiceEntry entry)
    {
        var id = entry.Meta.Id;
        return entry.Hosts.Select(HostName.Normalize).Distinct(StringComparer.Ordinal).Select(host => new MeshService(
            host,
            id.Namespace,
            ShortName: null,
            entry.Ports,
            entry.WorkloadSelector,
            entry.Endpoints,
            entry.Resolution,
            entry.Location == ServiceEntryLocation.MeshInternal,
            new Visibility(entry.ExportTo, id.Namespace))
        {
            PrefersNearby = TrafficDistribution.PrefersNearby(entry.Meta),
            SubjectAltNames = entry.SubjectAltNames,
            SessionCookie = CookieOf(entry.Meta),
        });
    }

    private static string? CookieOf(ObjectMeta meta) => meta.Labels.Find(SessionLabel) is { } cookie && MessageRules.IsToken(cookie) ? cookie : null;
}
