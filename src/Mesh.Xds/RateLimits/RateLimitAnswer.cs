using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.RateLimits;

/// <summary>A rate limit service's answer.</summary>
/// <param name="IsOver">The request is over a limit.</param>
/// <param name="Statuses">Of the descriptors that have one.</param>
internal sealed record RateLimitAnswer(bool IsOver, IReadOnlyList<RateLimitStatus> Statuses)
{
    public EquatableArray<HeaderMutationConfig> RequestHeaders { get; init; } = [];

    public EquatableArray<HeaderMutationConfig> ResponseHeaders { get; init; } = [];
}
