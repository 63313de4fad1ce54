namespace ProxylessMesh.ControlPlane.Sources.Files.LastGood;

/// <summary>As it is written down. Another folder's objects are nobody's last good ones here.</summary>
internal sealed record KeptFolder(string Folder, KeptFile[] Files);
