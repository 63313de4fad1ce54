using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One limit of a RateLimitPolicy.</summary>
/// <param name="Match">Which requests count.</param>
/// <param name="Tokens">How many per <paramref name="Per"/>.</param>
/// <param name="Per">50 ms at least.</param>
/// <param name="Burst">How many at once.</param>
/// <param name="By">Who has a bucket of its own; empty: all share one.</param>
internal sealed record LocalLimit(LimitMatch Match, int Tokens, TimeSpan Per, int Burst, EquatableArray<LimitKey> By);
