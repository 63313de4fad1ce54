namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A header or query parameter and what it must be; null = present.</summary>
internal sealed record NamedPredicate(string Name, StringPredicate? Value, SourcePosition Position);
