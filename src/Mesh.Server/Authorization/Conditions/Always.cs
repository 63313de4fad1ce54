using ProxylessMesh.Server.Filters;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>any.</summary>
internal sealed class Always : Condition
{
    public override bool Matches(InboundSubject subject) => true;
}
