using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>loadBalancer.consistentHash.</summary>
/// <param name="Key">What is hashed.</param>
/// <param name="Name">Of the header, cookie or query parameter.</param>
/// <param name="Maglev">A Maglev table rather than a ring.</param>
/// <param name="Size">Entries of the table, or of the ring at least; null: the default.</param>
internal sealed record ConsistentHash(ConsistentHashKey Key, string Name, bool Maglev, int? Size)
{
    /// <summary>Null: no cookie is made; zero: one for the session.</summary>
    public TimeSpan? CookieTtl { get; init; }

    public string CookiePath { get; init; } = "";

    public EquatableArray<KeyValuePair<string, string>> CookieAttributes { get; init; }
}
