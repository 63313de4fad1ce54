using System.Globalization;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>Flags as they stand in access logs: <c>URX,UF</c>, or <c>-</c>.</summary>
internal static class ResponseFlagsText
{
    private static readonly (ResponseFlags Flag, string Text)[] Names =
    [
        (ResponseFlags.NoHealthyUpstream, "UH"),
        (ResponseFlags.UpstreamConnectionFailure, "UF"),
        (ResponseFlags.UpstreamConnectionTermination, "UC"),
        (ResponseFlags.UpstreamRequestTimeout, "UT"),
        (ResponseFlags.UpstreamRetryLimitExceeded, "URX"),
        (ResponseFlags.NoRouteFound, "NR"),
        (ResponseFlags.NoClusterFound, "NC"),
        (ResponseFlags.InvalidConfiguration, "IC"),
        (ResponseFlags.RateLimited, "RL"),
        (ResponseFlags.RateLimitServiceError, "RLSE"),
        (ResponseFlags.UnauthorizedExternalService, "UAEX"),
        (ResponseFlags.UpstreamOverflow, "UO"),
        (ResponseFlags.DropOverload, "DO"),
        (ResponseFlags.StreamIdleTimeout, "SI"),
        (ResponseFlags.OverloadManager, "OM"),
        (ResponseFlags.UpstreamRemoteReset, "UR"),
        (ResponseFlags.UpstreamProtocolError, "UPE"),
        (ResponseFlags.DelayInjected, "DI"),
        (ResponseFlags.FaultInjected, "FI"),
    ];

    public static string Format(ResponseFlags flags) => flags == ResponseFlags.None
        ? "-"
        : string.Join(',', Names.Where(n => flags.HasFlag(n.Flag)).Select(n => n.Text.ToString(CultureInfo.InvariantCulture)));
}
