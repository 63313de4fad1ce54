namespace ProxylessMesh.Xds.Config;

/// <summary>A response header with a time: seconds from now, or the second since 1970.</summary>
internal sealed record ResetHeaderConfig(string Name, bool IsUnixTimestamp);
