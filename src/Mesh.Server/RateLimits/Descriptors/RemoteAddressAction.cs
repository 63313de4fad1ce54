using System.Net;
using System.Net.Sockets;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

internal sealed class RemoteAddressAction(RemoteAddressActionConfig config) : DescriptorAction
{
    public override bool TryAdd(InboundRequest request, DescriptorBuffer descriptor)
    {
        if (request.SourceAddress is not { } source)
        {
            return false;
        }

        // A dual-stack socket shows IPv4 callers as IPv6; they are one.
        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        var isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        var bits = isV4 ? config.BitsOfV4 : config.BitsOfV6;
        if (bits < (isV4 ? 32 : 128))
        {
            address = CidrConfig.Of(address, bits).Network.BaseAddress;
        }

        descriptor.Add(config.Key, address, config.IsNetwork ? bits : null);
        return true;
    }
}
