using ProxylessMesh.Server.Filters;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>or_rules, or_ids.</summary>
internal sealed class AnyOf(Condition[] items) : Condition
{
    public override bool Matches(InboundSubject subject)
    {
        foreach (var item in items)
        {
            if (item.Matches(subject))
            {
                return true;
            }
        }

        return false;
    }
}
