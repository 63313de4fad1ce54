using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>A header or pseudo header.</summary>
internal sealed class HeaderCondition(HeaderMatchConfig config) : Condition
{
    private readonly HeaderMatcher _header = new(config, binary: true);

    public override bool Matches(InboundSubject subject) => subject is InboundRequest request && _header.Matches(new InboundRequestView(request));
}
