using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>
/// Finds *.yaml, *.yml and *.json below a folder. Names that begin with a dot are left out: editors' swap files, .git, and
/// the <c>..data</c> folders of a Kubernetes ConfigMap mount, whose files appear beside them as links, which are followed.
/// </summary>
internal sealed class FileLister(string root, int maxFiles)
{
    private const int MaxDepth = 32;

    private readonly List<string> _files = [];
    private readonly List<string> _unknown = [];
    private readonly List<ConfigProblem> _problems = [];
    private readonly HashSet<string> _linkedFolders = new(StringComparer.Ordinal);

    public static FileListing List(string root, int maxFiles)
    {
        var lister = new FileLister(root, maxFiles);
        lister.Visit("", depth: 1);
        if (lister._files.Count > maxFiles)
        {
            lister._files.RemoveAt(maxFiles);
            lister.Report("", ProblemCodes.TooManyFiles, $"more than {maxFiles} configuration files: the rest is left out");
        }

        return new FileListing([.. lister._files.Order(StringComparer.Ordinal)], [.. lister._unknown], [.. lister._problems]);
    }

    private void Visit(string prefix, int depth)
    {
        if (depth > MaxDepth)
        {
            Report(prefix, ProblemCodes.TooManyFiles, $"folders are nested deeper than {MaxDepth} levels: the rest is left out");
            return;
        }

        List<FileSystemInfo> entries;
        try
        {
            entries = [.. new DirectoryInfo(Path.Combine(root, prefix)).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unknown.Add(prefix);
            Report(prefix, ProblemCodes.Unreadable, "the folder can't be listed; what is known of its files stays in use");
            return;
        }

        foreach (var entry in entries)
        {
            if (_files.Count > maxFiles)
            {
                return;
            }

            Add(prefix, entry, depth);
        }
    }

    private void Add(string prefix, FileSystemInfo entry, int depth)
    {
        if (entry.Name.StartsWith('.'))
        {
            return;
        }

        // Links are followed: one to a folder is a folder.
        if (entry is DirectoryInfo)
        {
            if (IsNewFolder(entry))
            {
                Visit($"{prefix}{entry.Name}/", depth + 1);
            }
        }
        else if (Path.GetExtension(entry.Name) is ".yaml" or ".yml" or ".json")
        {
            _files.Add(prefix + entry.Name);
        }
    }

    /// <summary>A link is followed once, so that links in a circle come to an end.</summary>
    private bool IsNewFolder(FileSystemInfo entry)
    {
        try
        {
            return entry.LinkTarget is null || (entry.ResolveLinkTarget(returnFinalTarget: true) is { } target && _linkedFolders.Add(target.FullName));
        }
        catch (IOException)
        {
            // The link went while it was looked at; the next scan sees what came of it.
            return false;
        }
    }

    private void Report(string prefix, string code, string text) =>
        _problems.Add(new ConfigProblem(new SourcePosition(prefix.Length == 0 ? "." : prefix, 1, 1), ProblemSeverity.Error, code, null, text));
}
