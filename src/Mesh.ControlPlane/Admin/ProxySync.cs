using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Admin;

/// <summary>One connected client, as /debug/syncz tells it and <c>mesh proxy-status</c> reads it.</summary>
internal sealed record ProxySync(
    string Node,
    string Name,
    string Namespace,
    string? Identity,
    string Profile,
    string Protocol,
    DateTimeOffset ConnectedAt,
    ProxySyncType[] Types)
{
    public static ProxySync Of(ClientStatus client) => new(
        client.NodeId,
        client.View.WorkloadName,
        client.View.Namespace,
        client.Identity?.ToString(),
        client.View.Profile == ProxyProfile.Mesh ? "mesh" : "grpc",
        client.Protocol,
        client.ConnectedAt,
        [.. client.Types.Select(ProxySyncType.Of)]);
}
