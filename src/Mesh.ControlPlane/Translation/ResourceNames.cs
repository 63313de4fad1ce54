using System.Globalization;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Listeners;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>All that a client of a namespace could ask for, for those that subscribe to everything.</summary>
internal static class ResourceNames
{
    public static IReadOnlyList<string> Listeners(MeshModel model, ProxyView proxy)
    {
        var scope = ClientScopes.Of(model, proxy);
        return Sorted(
            from service in model.Services.VisibleTo(proxy.Namespace)
            where !HostName.IsWildcard(service.Host) && scope.Includes(service)
            from port in service.Ports
            select string.Create(CultureInfo.InvariantCulture, $"{service.Host}:{port.Number}"));
    }

    public static IReadOnlyList<string> Clusters(MeshModel model, ProxyView proxy) =>
        Sorted(
            from service in model.Services.VisibleTo(proxy.Namespace)
            let subsets = model.DestinationRules.Find(service, proxy.Namespace)?.SubsetNames ?? []
            from port in service.Ports
            from subset in subsets.Prepend("")
            select new ClusterName(port.Number, subset, service.Host).ToString());

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
