namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>
/// Routes of a gateway, by Istio's names of them: <c>http.PORT</c>, <c>https.PORT.NAME.GATEWAY.NAMESPACE</c>. They are followed by the side
/// that calls, which refuses them when they override filters of the side that is called.
/// </summary>
internal static class GatewayRoutes
{
    public static bool IsName(string name) =>
        name.StartsWith("http.", StringComparison.Ordinal) || name.StartsWith("https.", StringComparison.Ordinal);
}
