namespace ProxylessMesh.Xds.Cache;

/// <summary>The last-known-good resources, which outlive the process. All methods may be called from one thread at a time, never throw and do not wait for writes.</summary>
internal interface IResourceCache : IAsyncDisposable
{
    /// <summary>What was stored, by an earlier process or by this one; null when there is nothing that can be trusted.</summary>
    StoredResource? Find(string typeUrl, string name);

    /// <summary>Keeps an accepted resource.</summary>
    void Store(string typeUrl, string name, string version, ReadOnlyMemory<byte> bytes);

    /// <summary>Forgets a resource that no longer exists.</summary>
    void Remove(string typeUrl, string name);
}
