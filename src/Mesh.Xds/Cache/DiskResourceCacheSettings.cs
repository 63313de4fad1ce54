namespace ProxylessMesh.Xds.Cache;

/// <summary>Limits of the cache on disk.</summary>
internal sealed record DiskResourceCacheSettings
{
    /// <summary>Resources kept; beyond it those confirmed longest ago go.</summary>
    public int MaxResources { get; init; } = 10_000;

    /// <summary>Largest file, in bytes; larger resources are not kept, larger files not read.</summary>
    public int MaxFileSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Of all files together, in bytes.</summary>
    public long MaxTotalSize { get; init; } = 64 * 1024 * 1024;
}
