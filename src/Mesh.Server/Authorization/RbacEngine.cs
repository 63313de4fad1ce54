using ProxylessMesh.Server.Authorization.Indexing;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Compiled rules (gRFC A41).</summary>
internal sealed class RbacEngine(RbacRulesConfig config)
{
    private readonly PolicyIndex _policies = new(config.Policies);

    public RbacAction Action { get; } = config.Action;

    /// <param name="subject">To judge.</param>
    /// <param name="policy">A policy that matches, or null.</param>
    public bool Allows(InboundSubject subject, out string? policy)
    {
        policy = _policies.Find(subject)?.Name;
        return Action switch
        {
            RbacAction.Allow => policy is not null,
            RbacAction.Deny => policy is null,
            _ => true,
        };
    }
}
