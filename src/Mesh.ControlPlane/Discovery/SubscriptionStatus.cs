namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>How far a client is with one type.</summary>
/// <param name="TypeUrl">Of its resources.</param>
/// <param name="Names">Subscribed by name.</param>
/// <param name="Wildcard">Subscribed to all as well.</param>
/// <param name="SentVersion">Of the last response; null before the first.</param>
/// <param name="AckedVersion">The last that the client accepted.</param>
/// <param name="NackError">What it said of the last response, when it refused that.</param>
internal sealed record SubscriptionStatus(
    string TypeUrl, int Names, bool Wildcard, string? SentVersion, string? AckedVersion, string? NackError);
