namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>loadBalancer.simple.</summary>
internal sealed record LoadBalancer(SimpleLoadBalancer Simple, SourcePosition Position);
