namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>Tells that something below a folder changed; what it was is found by looking.</summary>
internal sealed class FolderWatcher : IDisposable
{
    private readonly FileSystemWatcher _watcher;

    /// <param name="root">The folder.</param>
    /// <param name="changed">Called on any thread; must return at once.</param>
    /// <exception cref="IOException">The system can't watch (its limit of watches is reached, say).</exception>
    public FolderWatcher(string root, Action changed)
    {
        _watcher = new FileSystemWatcher(root)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size
                | NotifyFilters.CreationTime | NotifyFilters.Attributes,
        };
        _watcher.Changed += (_, _) => changed();
        _watcher.Created += (_, _) => changed();
        _watcher.Deleted += (_, _) => changed();
        _watcher.Renamed += (_, _) => changed();
        _watcher.Error += (_, _) => changed();
        _watcher.EnableRaisingEvents = true;
    }

    public void Dispose() => _watcher.Dispose();
}
