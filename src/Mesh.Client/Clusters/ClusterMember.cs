using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>An endpoint with what the configuration now says of it.</summary>
internal readonly record struct ClusterMember(Endpoint Endpoint, EndpointConfig Config, int Priority)
{
    public MemberLocality Locality { get; init; } = MemberLocality.Anywhere;
}
