using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Sources.Files;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>
/// The objects of all files, each identity once, with last good ones where an object or a file is bad in itself. How they
/// fit together is not looked at yet.
/// </summary>
internal sealed class CandidateSet
{
    private readonly ImmutableDictionary<ObjectId, MeshObject> _previous;
    private readonly Lazy<ILookup<string, MeshObject>> _previousByFile;
    private readonly Dictionary<ObjectId, SourcePosition> _claims = [];
    private readonly ImmutableDictionary<ObjectId, MeshObject>.Builder _objects;
    private readonly HashSet<ObjectId> _standIns = [];
    private readonly List<ConfigProblem> _problems = [];

    private CandidateSet(ImmutableDictionary<ObjectId, MeshObject> previous, ImmutableDictionary<ObjectId, MeshObject>.Builder objects)
    {
        _previous = previous;
        _objects = objects;
        _previousByFile = new Lazy<ILookup<string, MeshObject>>(
            () => previous.Values.OrderBy(o => o.Meta.Id, ObjectOrder.Instance).ToLookup(o => o.Meta.Position.File, StringComparer.Ordinal));
    }

    public ImmutableDictionary<ObjectId, MeshObject> Objects => _objects.ToImmutable();

    /// <summary>Objects that are not what their file says now.</summary>
    public IReadOnlySet<ObjectId> StandIns => _standIns;

    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>These are the objects of all files, each of which stands there once.</summary>
    public bool IsSound { get; private set; }

    public static CandidateSet Of(ImmutableArray<ParsedFile> files, ImmutableDictionary<ObjectId, MeshObject> previous)
    {
        var set = new CandidateSet(previous, ImmutableDictionary.CreateBuilder<ObjectId, MeshObject>()) { IsSound = files.All(f => f.IsSound) };
        foreach (var file in files)
        {
            set._problems.AddRange(file.Problems);
            if (file.IsBroken)
            {
                set.KeepAllOf(file.Path);
            }

            foreach (var item in file.Objects)
            {
                set.Add(item);
            }
        }

        // An object that lost its name or kind to a typing mistake looks like a deletion. Until the mistake is gone, what
        // vanished from that file stays: a STRICT policy must not fall silently because somebody is typing.
        foreach (var file in files.Where(f => f.Objects.Any(o => o.IsUnidentified)))
        {
            set.KeepAllOf(file.Path);
        }

        return set;
    }

    /// <summary>The same, from a sound set of before; null when it is none any more.</summary>
    /// <param name="files">All of them sound.</param>
    /// <param name="previous">All objects of the files of before.</param>
    /// <param name="changes">Since then.</param>
    public static CandidateSet? Of(ImmutableArray<ParsedFile> files, ImmutableDictionary<ObjectId, MeshObject> previous, FileChanges changes)
    {
        var set = new CandidateSet(previous, previous.ToBuilder()) { IsSound = true };
        set._objects.RemoveRange(changes.Gone.Select(o => o.Meta.Id));
        foreach (var item in changes.Come)
        {
            if (!set._objects.TryAdd(item.Meta.Id, item))
            {
                return null;
            }
        }

        foreach (var file in files)
        {
            set._problems.AddRange(file.Problems);
            foreach (var item in file.Objects)
            {
                set._problems.AddRange(item.Problems);
            }
        }

        return set;
    }

    private void Add(ReadObject item)
    {
        _problems.AddRange(item.Problems);
        if (item.Id is null)
        {
            return;
        }

        var position = item.Object?.Meta.Position ?? item.Position;
        if (!_claims.TryAdd(item.Id, position))
        {
            IsSound = false;
            _problems.Add(new ConfigProblem(
                position,
                ProblemSeverity.Error,
                ProblemCodes.DuplicateObject,
                item.Id,
                $"the same object stands at {_claims[item.Id]} already: that one is used, this one is not",
                "remove one of them, or give it another name"));
            return;
        }

        if (item.Object is not null)
        {
            _objects[item.Id] = item.Object;
        }
        else if (_previous.TryGetValue(item.Id, out var lastGood))
        {
            _objects[item.Id] = lastGood;
            _standIns.Add(item.Id);
        }
    }

    private void KeepAllOf(string file)
    {
        foreach (var lastGood in _previousByFile.Value[file])
        {
            if (_claims.TryAdd(lastGood.Meta.Id, lastGood.Meta.Position))
            {
                _objects[lastGood.Meta.Id] = lastGood;
                _standIns.Add(lastGood.Meta.Id);
            }
        }
    }
}
