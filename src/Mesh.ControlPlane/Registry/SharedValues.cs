using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>One object in place of all that are equal to it, for as long as somebody has it. Not safe for concurrent use.</summary>
internal sealed class SharedValues<T>
    where T : class, IEquatable<T>
{
    private readonly Dictionary<T, (T Shared, int Takers)> _values = [];

    /// <summary>How many different ones there are.</summary>
    public int Count => _values.Count;

    /// <summary>Each, and how often it was taken.</summary>
    public IEnumerable<(T Shared, int Takers)> All => _values.Values;

    /// <summary>The object that others took. <see cref="Release"/> it once for each time that it was taken or added.</summary>
    public bool TryTake(T value, [NotNullWhen(true)] out T? shared)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_values, value);
        if (Unsafe.IsNullRef(ref entry))
        {
            shared = null;
            return false;
        }

        entry.Takers++;
        shared = entry.Shared;
        return true;
    }

    /// <summary>That object, or this one for those who come after.</summary>
    public T Take(T value)
    {
        if (TryTake(value, out var shared))
        {
            return shared;
        }

        Add(value);
        return value;
    }

    /// <summary>The first of its kind.</summary>
    public void Add(T value) => _values.Add(value, (value, 1));

    /// <summary>True: nobody has it any more.</summary>
    public bool Release(T value)
    {
        var (shared, takers) = _values[value];
        if (takers > 1)
        {
            _values[value] = (shared, takers - 1);
            return false;
        }

        return _values.Remove(value);
    }
}
