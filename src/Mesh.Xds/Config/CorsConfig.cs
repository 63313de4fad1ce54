namespace ProxylessMesh.Xds.Config;

/// <summary>Which other origins' pages may call, and what browsers are told about it. Empty texts are headers that are not sent.</summary>
internal sealed record CorsConfig(
    EquatableArray<StringMatchConfig> AllowOrigins, string AllowMethods, string AllowHeaders, string ExposeHeaders, string MaxAge)
{
    /// <summary>Share of requests that the policy looks at, in millionths.</summary>
    public int EnabledPerMillion { get; init; } = 1_000_000;

    public bool AllowCredentials { get; init; }

    public bool AllowPrivateNetwork { get; init; }

    /// <summary>Preflights of origins that are not allowed go on to the destination; else they are answered without permission.</summary>
    public bool ForwardUnmatchedPreflights { get; init; } = true;
}
