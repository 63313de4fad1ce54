using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>Where an endpoint is, and the weight of that place among those of its priority.</summary>
internal readonly record struct MemberLocality(LocalityId Id, uint Weight);
