using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Compiled rules (gRFC A41).</summary>
internal sealed class RbacEngine(RbacRulesConfig config)
{
    private readonly RbacPolicy[] _policies = [.. config.Policies.Select(p => new RbacPolicy(p))];

    public bool Allows(InboundRequest request) => config.Action switch
    {
        RbacAction.Allow => Find(request) is not null,
        RbacAction.Deny => Find(request) is null,
        _ => true,
    };

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
