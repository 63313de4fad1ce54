using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>The files of a folder and what was read of them. Not safe for concurrent use.</summary>
internal sealed class ConfigFolder(string root, FileSourceOptions options, TimeProvider time)
{
    private readonly SortedDictionary<string, TrackedFile> _files = new(StringComparer.Ordinal);

    /// <summary>Files that were there before this process: while the folder that they stand in cannot be listed, they are not gone.</summary>
    public IReadOnlyCollection<string> Remembered { get; set; } = [];

    /// <summary>Problems of the folder itself, found by the last <see cref="Scan"/>.</summary>
    public ImmutableArray<ConfigProblem> Problems { get; private set; } = [];

    /// <summary>Whether a file seems to have gone or to be empty, so that <see cref="Scan"/> must look again soon.</summary>
    public bool IsUnsettled => _files.Values.Any(f => f.AbsentSince is not null);

    /// <summary>Every file, in path order; unchanged ones are not read again.</summary>
    public ImmutableArray<ParsedFile> Scan()
    {
        var listing = FileLister.List(root, options.MaxFiles);
        Problems = listing.Problems;
        foreach (var name in listing.Files)
        {
            Look(name);
        }

        var found = listing.Files.ToHashSet(StringComparer.Ordinal);
        foreach (var name in _files.Keys.Where(n => !found.Contains(n) && !listing.IsUnknown(n)).ToList())
        {
            if (IsAbsent(_files[name]))
            {
                _files.Remove(name);
            }
        }

        foreach (var name in Remembered.Where(n => !found.Contains(n) && listing.IsUnknown(n) && !_files.ContainsKey(n)))
        {
            _files.Add(name, new TrackedFile(new ParsedFile(name, true, [], []), null));
        }

        return [.. _files.Values.Select(f => f.Parsed)];
    }

    private void Look(string name)
    {
        var path = Path.Combine(root, name);
        var stamp = FileStamp.Of(path, time.GetUtcNow());
        var tracked = _files.GetValueOrDefault(name);
        if (tracked is { AbsentSince: null } && stamp is not null && tracked.Stamp == stamp)
        {
            return;
        }

        var parsed = ConfigFileReader.Read(name, path, options.Limits);
        if (tracked is not null && parsed.IsEmpty && !tracked.Parsed.IsEmpty && !IsAbsent(tracked))
        {
            return;
        }

        _files[name] = new TrackedFile(parsed, stamp);
    }

    /// <summary>Whether the file has been gone or empty for long enough to believe it.</summary>
    private bool IsAbsent(TrackedFile file)
    {
        file.AbsentSince ??= time.GetTimestamp();
        return time.GetElapsedTime(file.AbsentSince.Value) >= options.ConfirmAbsence;
    }

    private sealed class TrackedFile(ParsedFile parsed, FileStamp? stamp)
    {
        public ParsedFile Parsed { get; } = parsed;

        public FileStamp? Stamp { get; } = stamp;

        public long? AbsentSince { get; set; }
    }
}
