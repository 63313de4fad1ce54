using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

/// <summary>Makes one descriptor from a request.</summary>
internal sealed class DescriptorRule(DescriptorRuleConfig config)
{
    private readonly DescriptorAction[] _actions = [.. config.Actions.Select(DescriptorAction.Compile)];

    /// <summary>How many requests one counts as.</summary>
    public uint Hits { get; } = config.Hits;

    /// <summary>False: the request has no such descriptor.</summary>
    public bool TryDescribe(InboundRequest request, DescriptorBuffer descriptor)
    {
        foreach (var action in _actions)
        {
            if (!action.TryAdd(request, descriptor))
            {
                return false;
            }
        }

        return descriptor.Count > 0;
    }
}
