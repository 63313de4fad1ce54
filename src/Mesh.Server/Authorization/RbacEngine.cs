using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Compiled rules (gRFC A41).</summary>
internal sealed class RbacEngine(RbacRulesConfig config)
{
    private readonly RbacPolicy[] _policies = [.. config.Policies.Select(p => new RbacPolicy(p))];

    public RbacAction Action { get; } = config.Action;

    /// <param name="request">To judge.</param>
    /// <param name="policy">A policy that matches, or null.</param>
    public bool Allows(InboundRequest request, out string? policy)
    {
        policy = Find(request)?.Name;
        return Action switch
        {
            RbacAction.Allow => policy is not null,
            RbacAction.Deny => policy is null,
            _ => true,
        };
    }

    private RbacPolicy? Find(InboundRequest request)
    {
        foreach (var policy in _policies)
        {
            if (policy.Matches(request))
            {
                return policy;
            }
        }

        return null;
    }
}
