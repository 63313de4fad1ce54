using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Admin;

/// <summary>One resource type of a client.</summary>
/// <param name="Type">CDS, EDS, LDS, RDS or SDS.</param>
/// <param name="State">NOT SENT, SYNCED, STALE or NACK.</param>
/// <param name="Names">Subscribed by name.</param>
/// <param name="All">Subscribed to everything.</param>
/// <param name="Sent">Version of the last response.</param>
/// <param name="Acked">Version that the client accepted last.</param>
/// <param name="Refused">What it does not take.</param>
internal sealed record ProxySyncType(string Type, string State, int Names, bool All, string? Sent, string? Acked, RefusedResource[] Refused)
{
    public static ProxySyncType Of(SubscriptionStatus status) => new(
        ShortName(status.TypeUrl),
        status.State switch
        {
            SyncState.NotSent => "NOT SENT",
            SyncState.Synced => "SYNCED",
            SyncState.Stale => "STALE",
            _ => "NACK",
        },
        status.Names,
        status.Wildcard,
        status.SentVersion,
        status.AckedVersion,
        [.. status.Refused]);

    private static string ShortName(string typeUrl) =>
        typeUrl == ResourceKinds.Cluster.TypeUrl ? "CDS"
        : typeUrl == ResourceKinds.Endpoints.TypeUrl ? "EDS"
        : typeUrl == ResourceKinds.Listener.TypeUrl ? "LDS"
        : typeUrl == ResourceKinds.Route.TypeUrl ? "RDS"
        : "SDS";
}
