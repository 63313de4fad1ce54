namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>trafficPolicy.tls.mode.</summary>
internal sealed record ClientTls(ClientTlsMode Mode, SourcePosition Position);
