using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>url_path.</summary>
internal sealed class PathCondition(StringMatchConfig config) : Condition
{
    private readonly StringMatcher _path = new(config);

    public override bool Matches(InboundRequest request) => _path.Matches(request.Path);
}
