using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

internal sealed class PeerAction(PeerActionConfig config) : DescriptorAction
{
    public override bool TryAdd(InboundRequest request, DescriptorBuffer descriptor)
    {
        if ((request.Peer?.Name ?? config.Fallback) is not { } name)
        {
            return config.SkipIfAbsent;
        }

        descriptor.Add(config.Key, name);
        return true;
    }
}
