using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>destination_port and destination_port_range.</summary>
internal sealed class PortCondition(RbacPortConfig config) : Condition
{
    public override bool Matches(InboundSubject subject) => subject.DestinationPort >= config.Start && subject.DestinationPort < config.End;
}
