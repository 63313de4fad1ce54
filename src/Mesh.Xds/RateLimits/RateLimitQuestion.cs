namespace ProxylessMesh.Xds.RateLimits;

/// <summary>One descriptor that a rate limit service is asked about.</summary>
/// <param name="Entries">Keys and values, in order.</param>
/// <param name="Hits">How many requests this one counts as.</param>
internal sealed record RateLimitQuestion(IReadOnlyList<KeyValuePair<string, string>> Entries, uint Hits);
