using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].delegate, and what a VirtualService that others delegate to may hold.</summary>
internal static class DelegateReader
{
    public static DelegateReference? Read(YamlObject route)
    {
        if (route.Object("delegate") is not { } item)
        {
            return null;
        }

        var name = item.RequiredString("name");
        var ns = item.String("namespace") is { Length: > 0 } text ? text : null;
        item.Close(KnownFields.None);
        return name is null ? null : new DelegateReference(name, ns, item.Position);
    }

    /// <summary>Without hosts it is a delegate: it belongs to its root's gateways, and delegates no further.</summary>
    public static void Check(YamlObject spec, IEnumerable<HttpRoute> routes)
    {
        if (spec.Has("gateways"))
        {
            spec.Problems.Error(spec.PositionOf("gateways"), ProblemCodes.Conflict, "spec.gateways cannot stand in a VirtualService without hosts: others delegate to it, and theirs count", "add spec.hosts, or remove the field");
        }

        foreach (var reference in routes.Select(r => r.Delegate).OfType<DelegateReference>())
        {
            spec.Problems.Error(reference.Position, ProblemCodes.Conflict, "spec.http has a delegate, but a VirtualService without hosts cannot delegate further");
        }
    }
}
