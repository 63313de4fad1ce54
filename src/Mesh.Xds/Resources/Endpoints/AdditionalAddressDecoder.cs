using ProxylessMesh.Xds.Config;
using AdditionalAddress = Envoy.Config.Endpoint.V3.Endpoint.Types.AdditionalAddress;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>Endpoint.additional_addresses (gRFC A61).</summary>
internal static class AdditionalAddressDecoder
{
    /// <summary>One endpoint must not make a caller try addresses for ever.</summary>
    private const int Most = 16;

    /// <param name="addresses">IP addresses, as in Envoy.</param>
    /// <param name="isNamed">In a DNS cluster, where a name brings its addresses itself.</param>
    /// <param name="context">Where errors go.</param>
    public static EquatableArray<AddressConfig> Decode(IReadOnlyList<AdditionalAddress> addresses, bool isNamed, DecodeContext context)
    {
        if (addresses.Count == 0)
        {
            return [];
        }

        if (isNamed)
        {
            context.Refuse(true, "additional_addresses of a DNS cluster");
            return [];
        }

        if (addresses.Count > Most)
        {
            context.Error("additional_addresses", $"must be {Most} at most");
            return [];
        }

        var decoded = new List<AddressConfig>(addresses.Count);
        for (var i = 0; i < addresses.Count; i++)
        {
            using (context.Enter("additional_addresses", i))
            {
                if (AddressDecoder.Decode(addresses[i].Address, allowName: false, context) is { } address)
                {
                    decoded.Add(new AddressConfig(address.Host, address.Port));
                }
            }
        }

        return decoded.ToEquatableArray();
    }
}
