namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The order in which endpoints are laid out for hashing: by key, so that all clients that know the same endpoints agree, whatever order they came in.</summary>
internal static class HashKeys
{
    public static WeightedEndpoint[] Sort(IReadOnlyList<WeightedEndpoint> endpoints)
    {
        var total = endpoints.Sum(e => e.Weight);
        return [.. endpoints.OrderBy(e => e.HashKey, StringComparer.Ordinal).Select(e => e with { Weight = e.Weight / total })];
    }
}
