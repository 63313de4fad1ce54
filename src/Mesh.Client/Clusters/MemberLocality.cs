using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>Where endpoints are, and the weight of that place among those of its priority. All endpoints of a locality share one.</summary>
internal sealed record MemberLocality(LocalityId Id, uint Weight)
{
    public static MemberLocality Anywhere { get; } = new(default, 1);
}
