namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>The VirtualService without hosts that says what a route does. No namespace is the one of the object that names it.</summary>
internal sealed record DelegateReference(string Name, string? Namespace, SourcePosition Position);
