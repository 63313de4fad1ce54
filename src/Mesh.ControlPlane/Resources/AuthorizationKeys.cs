namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>The keys of conditions that have parameters.</summary>
internal static class AuthorizationKeys
{
    private const string Headers = "request.headers";
    private const string Claims = "request.auth.claims";

    /// <summary>The header of <c>request.headers[x-token]</c>, or null.</summary>
    public static string? HeaderOf(string key) => Parameters(key, Headers) is [var name] ? name : null;

    /// <summary>The path of <c>request.auth.claims[realm][role]</c>, or null.</summary>
    public static IReadOnlyList<string>? ClaimOf(string key) => Parameters(key, Claims);

    private static List<string>? Parameters(string key, string name)
    {
        if (!key.StartsWith(name + "[", StringComparison.Ordinal) || !key.EndsWith(']'))
        {
            return null;
        }

        var parameters = key[(name.Length + 1)..^1].Split("][").ToList();
        return parameters.TrueForAll(p => p.Length > 0 && p.AsSpan().IndexOfAny('[', ']') < 0) ? parameters : null;
    }
}
