using ProxylessMesh.Server.Filters;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>and_rules, and_ids.</summary>
internal sealed class AllOf(Condition[] items) : Condition
{
    public override bool Matches(InboundSubject subject)
    {
        foreach (var item in items)
        {
            if (!item.Matches(subject))
            {
                return false;
            }
        }

        return true;
    }
}
