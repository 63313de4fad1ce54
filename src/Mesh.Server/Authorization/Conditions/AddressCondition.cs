using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>An address in a range. No proxy is trusted to name the client (gRFC A41), so the client is the peer.</summary>
internal sealed class AddressCondition(RbacAddressConfig config) : Condition
{
    private readonly bool _destination = config.Whose == RbacAddress.Destination;

    public override bool Matches(InboundSubject subject) =>
        (_destination ? subject.DestinationAddress : subject.SourceAddress) is { } address && config.Range.Contains(address);
}
