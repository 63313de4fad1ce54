namespace ProxylessMesh.Sidecar.Outbound;

/// <summary>A host's name leads back to the proxy that looks for it.</summary>
internal sealed class ProxyLoopException() : IOException("The address is that of this proxy itself.");
