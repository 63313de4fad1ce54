namespace ProxylessMesh.Xds.Config;

/// <summary>On an inbound listener: hand the request to the application (gRFC A36).</summary>
internal sealed record NonForwardingActionConfig : RouteActionConfig
{
    public static NonForwardingActionConfig Instance { get; } = new();
}
