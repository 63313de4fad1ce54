namespace ProxylessMesh.ControlPlane.Model;

/// <summary>What two host patterns have in common.</summary>
internal static class HostPatterns
{
    /// <summary>Whether every host of the narrow one is one of the wide one.</summary>
    public static bool Covers(string wide, string narrow) =>
        wide == narrow || wide == "*" || (HostName.IsWildcard(wide) && narrow.Length > wide.Length - 1 && narrow.EndsWith(wide[1..], StringComparison.Ordinal));

    /// <summary>Of two patterns one holds the other or they have nothing in common: null.</summary>
    public static string? Common(string one, string other) => Covers(one, other) ? other : Covers(other, one) ? one : null;
}
