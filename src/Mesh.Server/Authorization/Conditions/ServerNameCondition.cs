using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>requested_server_name: the SNI; plaintext connections and clients that send none have the empty text.</summary>
internal sealed class ServerNameCondition(StringMatchConfig config) : Condition
{
    private readonly StringMatcher _name = new(config);

    public override bool Matches(InboundSubject subject) => _name.Matches(subject.ServerName);
}
