using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Policies that another one shadows, or that stand where they count for nothing.</summary>
internal static class PeerAuthenticationChecks
{
    public static IEnumerable<ConfigProblem> Run(IEnumerable<PeerAuthentication> policies, MeshSettings settings)
    {
        var wide = new Dictionary<string, PeerAuthentication>(StringComparer.Ordinal);
        var byAge = policies.OrderBy(p => p.Meta.CreatedAt ?? DateTimeOffset.MinValue).ThenBy(p => p.Meta.Id.Name, StringComparer.Ordinal);
        foreach (var policy in byAge)
        {
            var id = policy.Meta.Id;
            if (policy.Selector.Count == 0)
            {
                if (!wide.TryAdd(id.Namespace, policy))
                {
                    yield return Warn(policy, $"{wide[id.Namespace].Meta.Id} ({wide[id.Namespace].Meta.Position}) already speaks for the whole namespace, and the oldest counts: this one has no effect");
                }
            }
            else if (id.Namespace == settings.RootNamespace)
            {
                yield return Warn(policy, "spec.selector in the root namespace selects nothing: this policy has no effect");
            }
        }
    }

    private static ConfigProblem Warn(PeerAuthentication policy, string text) => new(
        policy.Meta.Position, ProblemSeverity.Warning, ProblemCodes.IneffectivePeerAuthentication, policy.Meta.Id, text);
}
