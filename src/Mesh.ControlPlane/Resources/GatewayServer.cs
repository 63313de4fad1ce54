using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One entry of a Gateway's servers.</summary>
/// <param name="Port">As callers of the gateway's Service write it.</param>
/// <param name="PortName">Unique in the Gateway.</param>
/// <param name="Hosts">Whose requests it takes; at least one.</param>
/// <param name="Tls">Null: the server speaks plaintext.</param>
/// <param name="HttpsRedirect">Of a plaintext server: every request is sent to https.</param>
/// <param name="Position">Of the entry.</param>
internal sealed record GatewayServer(
    int Port,
    string PortName,
    EquatableArray<GatewayHost> Hosts,
    GatewayTls? Tls,
    bool HttpsRedirect,
    SourcePosition Position);
