using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>What a few changed files take away and bring, so that of a large folder only that is looked at.</summary>
internal sealed class FileChanges
{
    // Beyond that it is no less work than to begin anew.
    private const int MaxObjects = 500;

    private readonly List<MeshObject> _gone = [];
    private readonly List<MeshObject> _come = [];

    private FileChanges()
    {
    }

    /// <summary>Objects as they were in files that have changed since, or are gone.</summary>
    public IReadOnlyList<MeshObject> Gone => _gone;

    /// <summary>Objects as they stand there now. Those that did not change are in both lists.</summary>
    public IReadOnlyList<MeshObject> Come => _come;

    /// <summary>Null: there is too much of it, or something of before may have to stand in for what came.</summary>
    /// <param name="before">All of them sound.</param>
    /// <param name="after">Unchanged files are the very same ones.</param>
    public static FileChanges? Between(ImmutableArray<ParsedFile> before, ImmutableArray<ParsedFile> after)
    {
        var changes = new FileChanges();
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            var (old, now) = (before.ElementAtOrDefault(i), after.ElementAtOrDefault(j));
            var order = ReferenceEquals(old, now) || old is null || now is null ? 0 : string.CompareOrdinal(old.Path, now.Path);
            if (!ReferenceEquals(old, now) && !changes.TryAdd(order > 0 ? null : old, order < 0 ? null : now))
            {
                return null;
            }

            (i, j) = (i + (order > 0 ? 0 : 1), j + (order < 0 ? 0 : 1));
        }

        return changes;
    }

    /// <param name="objects">In <see cref="ObjectOrder"/>, as is what is returned.</param>
    public ImmutableArray<MeshObject> ApplyTo(ImmutableArray<MeshObject> objects)
    {
        var next = objects.ToList();
        foreach (var item in _gone)
        {
            next.RemoveAt(next.BinarySearch(item, ObjectOrder.Instance));
        }

        foreach (var item in _come)
        {
            next.Insert(~next.BinarySearch(item, ObjectOrder.Instance), item);
        }

        return [.. next];
    }

    private bool TryAdd(ParsedFile? old, ParsedFile? now)
    {
        if (now?.IsSound is false)
        {
            return false;
        }

        AddTo(_gone, old);
        AddTo(_come, now);
        return _gone.Count + _come.Count <= MaxObjects;
    }

    private static void AddTo(List<MeshObject> list, ParsedFile? file)
    {
        foreach (var item in file?.Objects ?? [])
        {
            if (item.Object is not null)
            {
                list.Add(item.Object);
            }
        }
    }
}
