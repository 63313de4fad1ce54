using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Takes an index from the previous model where none of the objects in it has changed.</summary>
/// <param name="previous">Of the same settings; null: every index is made.</param>
/// <param name="objects">Of the new model.</param>
internal sealed class KeptIndices(MeshModel? previous, ObjectKinds objects)
{
    /// <param name="of">The index in a model.</param>
    /// <param name="make">From all objects of the kinds.</param>
    /// <param name="kinds">That the index holds.</param>
    public T Or<T>(Func<MeshModel, T> of, Func<List<MeshObject>, T> make, params ReadOnlySpan<Type> kinds)
    {
        var same = previous is not null;
        foreach (var kind in kinds)
        {
            same = same && objects.IsSame(previous!.Objects, kind);
        }

        if (same)
        {
            return of(previous!);
        }

        var all = new List<MeshObject>();
        foreach (var kind in kinds)
        {
            all.AddRange(objects.Of(kind));
        }

        return make(all);
    }
}
