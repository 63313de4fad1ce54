namespace ProxylessMesh.Client.Outcomes;

/// <summary>Why a response is what it is, in the vocabulary of Envoy's access log (RESPONSE_FLAGS).</summary>
[Flags]
public enum ResponseFlags
{
    /// <summary>The upstream answered; nothing to tell.</summary>
    None = 0,

    /// <summary>UH: no healthy endpoint.</summary>
    NoHealthyUpstream = 1 << 0,

    /// <summary>UF: no connection could be made.</summary>
    UpstreamConnectionFailure = 1 << 1,

    /// <summary>UC: the connection ended before the response headers.</summary>
    UpstreamConnectionTermination = 1 << 2,

    /// <summary>UT: the route's timeout, or the last attempt's, ran out.</summary>
    UpstreamRequestTimeout = 1 << 3,

    /// <summary>URX: the retry limit was reached.</summary>
    UpstreamRetryLimitExceeded = 1 << 4,

    /// <summary>NR: no route matched.</summary>
    NoRouteFound = 1 << 5,

    /// <summary>NC: the route's cluster does not exist.</summary>
    NoClusterFound = 1 << 6,

    /// <summary>The configuration for this host is not usable.</summary>
    InvalidConfiguration = 1 << 7,

    /// <summary>RL: a rate limit refused the call.</summary>
    RateLimited = 1 << 8,

    /// <summary>RLSE: the rate limit service gave no answer, and calls that it does not allow are refused.</summary>
    RateLimitServiceError = 1 << 9,

    /// <summary>UAEX: an external service did not authorize the call.</summary>
    UnauthorizedExternalService = 1 << 10,

    /// <summary>UO: a circuit breaker's limit was reached.</summary>
    UpstreamOverflow = 1 << 12,

    /// <summary>DO: the control plane wants a share of the calls dropped, and this was one of them.</summary>
    DropOverload = 1 << 11,

    /// <summary>SI: nothing happened for as long as the idle timeout.</summary>
    StreamIdleTimeout = 1 << 13,

    /// <summary>OM: the server refused the call because it was overloaded.</summary>
    OverloadManager = 1 << 14,

    /// <summary>UR: the upstream reset the stream, or refused it.</summary>
    UpstreamRemoteReset = 1 << 20,

    /// <summary>UPE: the upstream's answer breaks the protocol.</summary>
    UpstreamProtocolError = 1 << 21,

    /// <summary>DI: a fault delayed the call.</summary>
    DelayInjected = 1 << 24,

    /// <summary>FI: a fault answered the call.</summary>
    FaultInjected = 1 << 25,
}
