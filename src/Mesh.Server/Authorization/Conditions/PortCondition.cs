using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>destination_port and destination_port_range.</summary>
internal sealed class PortCondition(RbacPortConfig config) : Condition
{
    public override bool Matches(InboundRequest request) => request.DestinationPort >= config.Start && request.DestinationPort < config.End;
}
