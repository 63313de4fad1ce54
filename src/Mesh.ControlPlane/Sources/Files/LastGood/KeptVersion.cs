namespace ProxylessMesh.ControlPlane.Sources.Files.LastGood;

/// <summary>A text that a file once had, and which objects in use come from it, as <c>Kind/namespace/name</c>.</summary>
internal sealed record KeptVersion(string Text, string[] Objects);
