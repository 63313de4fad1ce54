namespace ProxylessMesh.Client;

/// <summary>Names to collect the mesh's metrics by, as in OpenTelemetry's <c>AddMeter</c>.</summary>
public static class MeshMetrics
{
    /// <summary>The meter of outbound calls: <c>istio_requests_total</c> and <c>istio_request_duration_milliseconds</c> of the reporter <c>source</c>.</summary>
    public const string ClientMeterName = "ProxylessMesh.Client";

    /// <summary>The meter of the connection to control planes: <c>grpc.xds_client.connected</c> and its fellows (gRFC A78).</summary>
    public const string XdsMeterName = "ProxylessMesh.Xds";

    /// <summary>The meter of rules for connections to ports of TCP: <c>tcp_rbac_connections_total</c>.</summary>
    public const string ServerTcpMeterName = "ProxylessMesh.Server.Tcp";
}
