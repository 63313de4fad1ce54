using System.Collections.Immutable;
using Envoy.Config.Rbac.V3;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>All that <see cref="IstiodServer"/> knows: the result of Istio's configuration, not its YAML.</summary>
internal sealed record IstioMesh
{
    public ImmutableArray<IstioService> Services { get; init; } = [];

    /// <summary>AuthorizationPolicy with action DENY, as filters: the rules by name.</summary>
    public ImmutableSortedDictionary<string, Policy> Deny { get; init; } = ImmutableSortedDictionary<string, Policy>.Empty;

    /// <summary>AuthorizationPolicy with action ALLOW. Empty: no policy, and all are allowed.</summary>
    public ImmutableSortedDictionary<string, Policy> Allow { get; init; } = ImmutableSortedDictionary<string, Policy>.Empty;

    /// <summary>Certificate providers stand in the deprecated fields only, as older versions of Istio write them.</summary>
    public bool OldProviderFieldsOnly { get; init; }

    public IstioMesh With(IstioService service) => this with { Services = [.. Services.Where(s => s.Name != service.Name), service] };

    /// <summary>By a name as clients write it: short, with namespace, or in full.</summary>
    public IstioService? Find(string host, int port) => Services.FirstOrDefault(s => s.Port == port && s.Names.Contains(host, StringComparer.Ordinal));

    /// <summary>By the name of one of its clusters, which its routes have as well.</summary>
    public IstioService? OfCluster(string cluster) => cluster.Split('|') is ["outbound", var port, _, var host]
        ? Services.FirstOrDefault(s => s.Host == host && $"{s.Port}" == port)
        : null;
}
