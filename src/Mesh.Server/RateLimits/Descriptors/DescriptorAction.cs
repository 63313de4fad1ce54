using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

/// <summary>Makes one entry of a descriptor.</summary>
internal abstract class DescriptorAction
{
    public static DescriptorAction Compile(DescriptorActionConfig config) => config switch
    {
        GenericKeyActionConfig generic => new GenericKeyAction(generic),
        HeaderActionConfig header => new HeaderAction(header),
        HeaderMatchActionConfig match => new HeaderMatchAction(match),
        RemoteAddressActionConfig address => new RemoteAddressAction(address),
        PeerActionConfig peer => new PeerAction(peer),
        _ => throw new InvalidOperationException($"No action is made of {config.GetType().Name}."),
    };

    /// <summary>False: the request has no descriptor of this kind. An entry may be left away.</summary>
    public abstract bool TryAdd(InboundRequest request, DescriptorBuffer descriptor);
}
