namespace ProxylessMesh.Xds.Config;

/// <summary>RouteAction.HashPolicy: one part of the hash that consistent load balancing picks by.</summary>
/// <param name="Kind">What is hashed.</param>
/// <param name="Name">Of the header (lower case), cookie or parameter; else empty.</param>
/// <param name="Terminal">Whether later policies are left out once there is a hash.</param>
internal sealed record HashPolicyConfig(HashPolicyKind Kind, string Name, bool Terminal)
{
    /// <summary>Header: what of the value is hashed; null: all of it.</summary>
    public RegexRewriteConfig? Rewrite { get; init; }

    /// <summary>Cookie: set one that lives so long where a request brings none; zero: until the browser is closed; null: do not.</summary>
    public TimeSpan? CookieTtl { get; init; }

    /// <summary>Cookie: its path; empty: not said.</summary>
    public string CookiePath { get; init; } = "";

    /// <summary>Cookie: what else is said of it; an empty value stands for a bare name, as in <c>Secure</c>.</summary>
    public EquatableArray<KeyValuePair<string, string>> CookieAttributes { get; init; }
}
