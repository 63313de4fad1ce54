using System.Collections.Immutable;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>How far a client is with one type.</summary>
/// <param name="TypeUrl">Of its resources.</param>
/// <param name="Names">Subscribed by name.</param>
/// <param name="Wildcard">Subscribed to all as well.</param>
/// <param name="SentVersion">Of the last response; null before the first.</param>
/// <param name="AckedVersion">The last that the client accepted.</param>
/// <param name="NackError">What it said of the last response, when it refused that.</param>
internal sealed record SubscriptionStatus(
    string TypeUrl, int Names, bool Wildcard, string? SentVersion, string? AckedVersion, string? NackError)
{
    /// <summary>Of the last response that is on its way or in the client's hands.</summary>
    public string? SentNonce { get; init; }

    /// <summary>Of the last response that the client answered, either way.</summary>
    public string? AnsweredNonce { get; init; }

    /// <summary>What the client has in an older version, or not at all, because it refused the newest.</summary>
    public ImmutableArray<RefusedResource> Refused { get; init; } = [];

    public SyncState State =>
        SentNonce is null ? SyncState.NotSent
        : NackError is not null || !Refused.IsEmpty ? SyncState.Refused
        : AnsweredNonce == SentNonce ? SyncState.Synced
        : SyncState.Stale;
}
