namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>A resource that a client does not take. The name is empty when its error names none that it was sent.</summary>
internal sealed record RefusedResource(string Name, string Error);
