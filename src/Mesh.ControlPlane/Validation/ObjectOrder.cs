using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>By kind, namespace and name.</summary>
internal sealed class ObjectOrder : IComparer<ObjectId>, IComparer<MeshObject>
{
    public static ObjectOrder Instance { get; } = new();

    public int Compare(ObjectId? x, ObjectId? y)
    {
        var kind = string.CompareOrdinal(x?.Kind, y?.Kind);
        var ns = kind != 0 ? kind : string.CompareOrdinal(x?.Namespace, y?.Namespace);
        return ns != 0 ? ns : string.CompareOrdinal(x?.Name, y?.Name);
    }

    public int Compare(MeshObject? x, MeshObject? y) => Compare(x?.Meta.Id, y?.Meta.Id);
}
