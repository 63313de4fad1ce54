using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.RateLimits;

/// <summary>
/// RateLimitPolicies as Envoy's filters, one for each policy and kind: what costs nothing to ask goes first. Plain gRPC servers
/// have no rate limits.
/// </summary>
internal static class RateLimitFilters
{
    public static IEnumerable<HttpFilter> Build(MeshModel model, ProxyView proxy)
    {
        if (proxy.Profile != ProxyProfile.Mesh)
        {
            yield break;
        }

        var policies = model.RateLimits.Applying(proxy.Namespace, proxy.Labels);
        foreach (var policy in policies)
        {
            if (policy.Local.Count > 0)
            {
                yield return LocalRateLimitBuilder.Build(policy);
            }
        }

        foreach (var policy in policies)
        {
            if (policy.Global is { } global)
            {
                yield return GlobalRateLimitBuilder.Build(policy, global, model.Settings);
            }
        }
    }
}
