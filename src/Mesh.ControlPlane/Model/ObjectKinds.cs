using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>The objects of a model by kind, each kind in the order of the whole.</summary>
internal sealed class ObjectKinds
{
    private readonly Dictionary<Type, List<MeshObject>> _byKind = [];

    public ObjectKinds(ImmutableArray<MeshObject> objects)
    {
        foreach (var item in objects)
        {
            if (!_byKind.TryGetValue(item.GetType(), out var list))
            {
                _byKind[item.GetType()] = list = [];
            }

            list.Add(item);
        }
    }

    public IEnumerable<Type> All => _byKind.Keys;

    public IReadOnlyList<MeshObject> Of(Type kind) => _byKind.TryGetValue(kind, out var list) ? list : [];

    public IEnumerable<T> Of<T>()
        where T : MeshObject => Of(typeof(T)).Cast<T>();

    /// <summary>Whether this kind's objects are the very same ones.</summary>
    public bool IsSame(ObjectKinds other, Type kind)
    {
        var (own, others) = (Of(kind), other.Of(kind));
        if (own.Count != others.Count)
        {
            return false;
        }

        for (var i = 0; i < own.Count; i++)
        {
            if (!ReferenceEquals(own[i], others[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Those that only one of the two has.</summary>
    public static IEnumerable<T> Difference<T>(ObjectKinds one, ObjectKinds other)
        where T : MeshObject => Difference(one, other, typeof(T)).Cast<T>();

    /// <summary>Those of a kind that only one of the two has.</summary>
    public static IEnumerable<MeshObject> Difference(ObjectKinds one, ObjectKinds other, Type kind)
    {
        if (one.IsSame(other, kind))
        {
            return [];
        }

        var difference = one.Of(kind).ToHashSet<MeshObject>(ReferenceEqualityComparer.Instance);
        difference.SymmetricExceptWith(other.Of(kind));
        return difference;
    }
}
