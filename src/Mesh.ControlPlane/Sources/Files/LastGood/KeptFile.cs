namespace ProxylessMesh.ControlPlane.Sources.Files.LastGood;

/// <summary>The texts of one file that hold its objects in use: the newest one, and older ones as long as something of them stands in.</summary>
/// <param name="Path">Relative to the folder.</param>
/// <param name="Versions">Newest first.</param>
internal sealed record KeptFile(string Path, KeptVersion[] Versions);
