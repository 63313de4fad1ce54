using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>uri_template.</summary>
internal sealed class PathTemplateCondition(string template) : Condition
{
    private readonly PathTemplate _template = PathTemplate.Create(template);

    public override bool Matches(InboundSubject subject) => _template.Matches(subject.Path);
}
