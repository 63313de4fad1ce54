using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What a rate limit service is asked about a request. A request that lacks one of the headers is not asked about.</summary>
/// <param name="Match">Which requests.</param>
/// <param name="Entries">In the order in which the service's limits are nested.</param>
/// <param name="Hits">How many requests one counts as.</param>
internal sealed record GlobalDescriptor(LimitMatch Match, EquatableArray<LimitKey> Entries, int Hits);
