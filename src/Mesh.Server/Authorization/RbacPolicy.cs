using ProxylessMesh.Server.Authorization.Conditions;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization;

/// <summary>A compiled policy: a permission and a principal must match.</summary>
internal sealed class RbacPolicy(RbacPolicyConfig config)
{
    private readonly Condition _permission = new AnyOf(Condition.CompileAll(config.Permissions));
    private readonly Condition _principal = new AnyOf(Condition.CompileAll(config.Principals));

    public string Name { get; } = config.Name;

    public bool Matches(InboundSubject subject) => _permission.Matches(subject) && _principal.Matches(subject);
}
