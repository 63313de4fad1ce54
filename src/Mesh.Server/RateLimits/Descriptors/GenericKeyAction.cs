using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

internal sealed class GenericKeyAction(GenericKeyActionConfig config) : DescriptorAction
{
    public override bool TryAdd(InboundRequest request, DescriptorBuffer descriptor)
    {
        descriptor.Add(config.Key, config.Value);
        return true;
    }
}
