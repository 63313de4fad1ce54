using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>url_path, in the spelling in which requests' paths are compared; a regular expression must be written in it.</summary>
internal sealed class PathCondition(StringMatchConfig config) : Condition
{
    private readonly StringMatcher _path = new(config.Kind == StringMatchKind.Regex ? config : config with { Value = CanonicalPath.Of(config.Value) });

    public override bool Matches(InboundSubject subject) => _path.Matches(subject.Path);
}
