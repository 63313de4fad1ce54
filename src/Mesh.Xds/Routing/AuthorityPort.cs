namespace ProxylessMesh.Xds.Routing;

/// <summary>The port of an authority: <c>host:port</c>, <c>[address]:port</c>.</summary>
internal static class AuthorityPort
{
    public static string Without(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon < 0 || authority.EndsWith(']') || authority.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') ? authority : authority[..colon];
    }
}
