using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Cache;

namespace ProxylessMesh.Xds.Tests.Cache;

/// <summary>A directory of its own, and caches opened in it one after the other, as by processes.</summary>
internal sealed class CacheFixture : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mesh-cache-");

    public CollectedLogs Logs { get; } = new();

    public string Path => System.IO.Path.Combine(_parent.FullName, "state");

    public string[] Files => Directory.GetFiles(Path);

    public DiskResourceCache Open(DiskResourceCacheSettings? settings = null) =>
        DiskResourceCache.Open(Path, settings ?? new(), Logs) ?? throw new InvalidOperationException("The cache did not open.");

    /// <summary>What one process leaves behind.</summary>
    public async Task WriteAsync(params (string Name, string Text)[] resources)
    {
        await using var cache = Open();
        foreach (var (name, text) in resources)
        {
            cache.Store("type", name, "1", System.Text.Encoding.UTF8.GetBytes(text));
        }
    }

    public static string? Text(StoredResource? resource) => resource is null ? null : System.Text.Encoding.UTF8.GetString(resource.Bytes.Span);

    public void Dispose() => _parent.Delete(recursive: true);
}
