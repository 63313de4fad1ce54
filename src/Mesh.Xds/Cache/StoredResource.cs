namespace ProxylessMesh.Xds.Cache;

/// <summary>A resource's bytes as a server sent them, and the version they came with.</summary>
internal sealed record StoredResource(string TypeUrl, string Name, string Version, ReadOnlyMemory<byte> Bytes);
