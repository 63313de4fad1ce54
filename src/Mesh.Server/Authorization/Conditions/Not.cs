using ProxylessMesh.Server.Filters;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>not_rule, not_id.</summary>
internal sealed class Not(Condition item) : Condition
{
    public override bool Matches(InboundSubject subject) => !item.Matches(subject);
}
