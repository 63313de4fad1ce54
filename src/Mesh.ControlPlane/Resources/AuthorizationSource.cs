namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Who calls: all fields that are given must match.</summary>
internal sealed record AuthorizationSource
{
    /// <summary><c>cluster.local/ns/default/sa/productpage</c>.</summary>
    public MatchValues Principals { get; init; } = MatchValues.None;

    /// <summary><c>issuer/subject</c> of the token.</summary>
    public MatchValues RequestPrincipals { get; init; } = MatchValues.None;

    public MatchValues Namespaces { get; init; } = MatchValues.None;

    /// <summary><c>namespace/name</c>; the policy's namespace where it was left out.</summary>
    public MatchValues ServiceAccounts { get; init; } = MatchValues.None;

    public MatchValues TrustDomains { get; init; } = MatchValues.None;

    /// <summary>Of the connection's other end.</summary>
    public MatchValues IpBlocks { get; init; } = MatchValues.None;

    /// <summary>Of the client that trusted proxies name.</summary>
    public MatchValues RemoteIpBlocks { get; init; } = MatchValues.None;
}
