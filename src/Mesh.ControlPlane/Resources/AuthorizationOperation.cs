namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What is called: all fields that are given must match.</summary>
internal sealed record AuthorizationOperation
{
    public MatchValues Hosts { get; init; } = MatchValues.None;

    public MatchValues Ports { get; init; } = MatchValues.None;

    public MatchValues Methods { get; init; } = MatchValues.None;

    public MatchValues Paths { get; init; } = MatchValues.None;
}
