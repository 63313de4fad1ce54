using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Translation.Tls;

/// <summary>Who may answer for a service.</summary>
internal static class PeerNames
{
    /// <summary>
    /// Exactly the SPIFFE ids of the workloads that serve it, and what its ServiceEntry names (Istio,
    /// ServiceEntry.subjectAltNames). While there is none yet, any identity of the service's namespace,
    /// which is where its workloads must come from: an empty list would let every identity of the mesh answer for it (gRFC A29).
    /// </summary>
    public static IReadOnlyList<StringMatcher> Of(MeshModel model, MeshService service)
    {
        // Each in every name of the trust domain (Istio, "Trust domain migration").
        string[] trustDomains = [model.Settings.TrustDomain, .. model.Settings.TrustDomainAliases];
        var names = model.WorkloadsOf(service)
            .Select(w => (w.Namespace, w.ServiceAccount))
            .Distinct()
            .SelectMany(w => trustDomains.Select(domain => IdOf(domain, w.Namespace, w.ServiceAccount)))
            .OfType<string>()
            .Concat(service.SubjectAltNames)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(id => new StringMatcher { Exact = id })
            .ToList();
        return names.Count > 0 ? names : [.. trustDomains.Select(domain => new StringMatcher { Prefix = $"spiffe://{domain}/ns/{service.Namespace}/sa/" })];
    }

    /// <summary>Null for an account name that cannot be in a SPIFFE id: nobody can hold its certificate.</summary>
    private static string? IdOf(string trustDomain, string @namespace, string? serviceAccount) =>
        serviceAccount is not null
        && SpiffeId.TryParse($"spiffe://{trustDomain}/ns/{@namespace}/sa/{serviceAccount}", out var id)
        && id.Namespace == @namespace
        && id.ServiceAccount == serviceAccount
            ? id.ToString()
            : null;
}
