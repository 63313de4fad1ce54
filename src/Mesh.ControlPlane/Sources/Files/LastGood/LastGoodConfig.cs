using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Sources.Files.LastGood;

/// <summary>
/// Carries the configuration in use over a restart of the control plane, as the texts that it was read from. Without it, a file that
/// is not valid when the control plane starts would look like one whose objects were deleted, and clients would let go of services
/// that work. Not safe for concurrent use.
/// </summary>
internal sealed partial class LastGoodConfig(string dataDirectory, string folder, YamlLimits limits, ILogger<LastGoodConfig> logger)
{
    /// <summary>Of all texts together, in UTF-8.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const string FileName = "last-good-config.json";

    // What a file went through while something in it was wrong all the time: each step may hold one object's last good version.
    private const int MaxVersions = 8;

    // Of the writer, before it goes to the file.
    private const int MaxPending = 64 * 1024;

    private readonly string _file = Path.Combine(dataDirectory, FileName);
    private readonly string _folder = Path.GetFullPath(folder);
    private Dictionary<string, KeptFile> _kept = new(StringComparer.Ordinal);
    private Dictionary<ParsedFile, KeptFile> _known = new(ReferenceEqualityComparer.Instance);
    private bool _saidTooLarge;

    /// <summary>Files of which something is known.</summary>
    public IReadOnlyCollection<string> Files => _kept.Keys;

    /// <summary>What the last control plane of this data directory used of this folder.</summary>
    public ImmutableArray<ParsedFile> Load()
    {
        _kept = Read().ToDictionary(f => f.Path, StringComparer.Ordinal);
        return [.. _kept.Values.Select(Parse)];
    }

    /// <summary>Writes down what is in use now, if that is news.</summary>
    public void Save(ImmutableArray<ParsedFile> files, AcceptedConfig config)
    {
        var next = Next(files, config);
        var before = _kept;
        _kept = next;
        if (next.Count == before.Count && next.Values.All(f => before.TryGetValue(f.Path, out var known) && (ReferenceEquals(known, f) || IsSame(known, f))))
        {
            return;
        }

        try
        {
            AtomicFile.WriteSecret(_file, file => Write(file, _folder, next.Values));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.NotWritten(logger, _file, e.Message);
        }
    }

    /// <summary>A <see cref="KeptFolder"/> whose files are encoded already, but for those that changed.</summary>
    private static void Write(Stream stream, string folder, IEnumerable<KeptFile> files)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString(nameof(KeptFolder.Folder), folder);
        json.WriteStartArray(nameof(KeptFolder.Files));
        foreach (var file in files)
        {
            json.WriteRawValue(file.Encoded, skipInputValidation: true);
            if (json.BytesPending > MaxPending)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private Dictionary<string, KeptFile> Next(ImmutableArray<ParsedFile> files, AcceptedConfig config)
    {
        var byFile = config.IsSound ? null : config.Snapshot.Objects.ToLookup(o => o.Meta.Position.File, StringComparer.Ordinal);
        var next = new Dictionary<string, KeptFile>(StringComparer.Ordinal);
        var known = new Dictionary<ParsedFile, KeptFile>(ReferenceEqualityComparer.Instance);
        var bytes = 0L;
        foreach (var file in files)
        {
            var kept = byFile is not null ? new KeptFile(file.Path, [.. Versions(file, byFile[file.Path])])
                : _known.TryGetValue(file, out var before) ? before
                : new KeptFile(file.Path, Whole(file));
            if (byFile is null)
            {
                known.Add(file, kept);
            }

            if (kept.Versions.Length == 0)
            {
                continue;
            }

            bytes += kept.Versions.Sum(v => (long)Encoding.UTF8.GetByteCount(v.Text));
            if (bytes > MaxBytes)
            {
                SayTooLarge(file.Path);
                break;
            }

            next.Add(file.Path, kept);
        }

        _known = known;
        return next;
    }

    /// <summary>Of a file of which everything is in use.</summary>
    private static KeptVersion[] Whole(ParsedFile file) =>
        file is { Text: { } text, IsEmpty: false }
            ? [new KeptVersion(text, [.. file.Objects.Select(o => o.Object).OfType<MeshObject>().Select(o => o.Meta.Id).Order(ObjectOrder.Instance).Select(Key)])]
            : [];

    /// <summary>The file's text, for what is used of it, and older texts for what is not.</summary>
    private IEnumerable<KeptVersion> Versions(ParsedFile file, IEnumerable<MeshObject> inUse)
    {
        var current = file.Objects.Select(o => o.Object).OfType<MeshObject>().ToHashSet<MeshObject>(ReferenceEqualityComparer.Instance);
        var byOrigin = inUse.ToLookup(current.Contains, o => Key(o.Meta.Id));
        if (file.Text is { } text && byOrigin[true].Any())
        {
            yield return new KeptVersion(text, [.. byOrigin[true]]);
        }

        var left = byOrigin[false].ToHashSet(StringComparer.Ordinal);
        foreach (var older in (_kept.GetValueOrDefault(file.Path)?.Versions ?? []).Take(MaxVersions))
        {
            var ids = older.Objects.Where(left.Remove).ToArray();
            if (ids.Length > 0)
            {
                yield return new KeptVersion(older.Text, ids);
            }
        }
    }

    private static bool IsSame(KeptFile one, KeptFile other) =>
        one.Versions.Length == other.Versions.Length
        && one.Versions.Zip(other.Versions).All(pair => pair.First.Text == pair.Second.Text && pair.First.Objects.SequenceEqual(pair.Second.Objects));

    private ParsedFile Parse(KeptFile file)
    {
        var objects = new List<ReadObject>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in file.Versions)
        {
            var wanted = version.Objects.ToHashSet(StringComparer.Ordinal);
            objects.AddRange(ConfigFileReader.Parse(file.Path, Encoding.UTF8.GetBytes(version.Text), limits).Objects
                .Where(o => o is { Id: { } id, Object: not null } && wanted.Contains(Key(id)) && seen.Add(Key(id))));
        }

        return new ParsedFile(file.Path, false, [.. objects], []);
    }

    private KeptFile[] Read()
    {
        try
        {
            var file = new FileInfo(_file);
            if (!file.Exists)
            {
                return [];
            }

            // JSON may need six bytes for one.
            if (file.Length > 6L * MaxBytes)
            {
                Log.Ignored(logger, _file, "it is too large");
                return [];
            }

            using var stream = file.OpenRead();
            var content = JsonSerializer.Deserialize(stream, KeptFolderJson.Default.KeptFolder);
            return content is null || content.Folder != _folder ? [] : [.. content.Files.Select(Whole).DistinctBy(f => f.Path, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.Ignored(logger, _file, e.Message);
            return [];
        }
    }

    /// <summary>A null in a list is damage, too, which the serializer lets through.</summary>
    private static KeptFile Whole(KeptFile? file) =>
        file is not null && file.Versions.All(v => v is not null && v.Objects.All(o => o is not null))
            ? file
            : throw new JsonException("a list in it holds null");

    private void SayTooLarge(string path)
    {
        if (!_saidTooLarge)
        {
            _saidTooLarge = true;
            Log.TooLarge(logger, MaxBytes, path);
        }
    }

    private static string Key(ObjectId id) => $"{id.Kind}/{id.Namespace}/{id.Name}";

    private static partial class Log
    {
        [LoggerMessage(4211, LogLevel.Warning, "{File} is ignored, so a file that is not valid now has no last good version: {Reason}")]
        public static partial void Ignored(ILogger logger, string file, string reason);

        [LoggerMessage(4212, LogLevel.Warning, "{File} cannot be written, so a restart will not know the last good configuration: {Reason}")]
        public static partial void NotWritten(ILogger logger, string file, string reason);

        [LoggerMessage(4213, LogLevel.Warning, "The configuration has more than {Limit} bytes: {File} and the files after it will have no last good version after a restart")]
        public static partial void TooLarge(ILogger logger, int limit, string file);
    }
}
