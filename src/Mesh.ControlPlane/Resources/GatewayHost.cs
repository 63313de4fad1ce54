namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A host of a gateway's server: <c>ns/dnsName</c>.</summary>
/// <param name="Namespace">Of the VirtualServices that may use it; null: any.</param>
/// <param name="Host">May be a wildcard.</param>
internal sealed record GatewayHost(string? Namespace, string Host);
