using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>
/// Istio's order of precedence: creation time, then name, then namespace. Files seldom carry a creation time; those count as
/// equally old and older than any that do.
/// </summary>
internal static class ObjectAge
{
    public static IEnumerable<T> OldestFirst<T>(this IEnumerable<T> objects)
        where T : MeshObject =>
        objects
            .OrderBy(o => o.Meta.CreatedAt ?? DateTimeOffset.MinValue)
            .ThenBy(o => o.Meta.Id.Name, StringComparer.Ordinal)
            .ThenBy(o => o.Meta.Id.Namespace, StringComparer.Ordinal)
            .ThenBy(o => o.Meta.Id.Kind, StringComparer.Ordinal);
}
