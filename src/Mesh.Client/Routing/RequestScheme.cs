namespace ProxylessMesh.Client.Routing;

/// <summary>
/// The scheme that the caller wrote, where it is not that of the URI: a gateway has ended TLS before it routes, and routes and redirects
/// are about what was asked for.
/// </summary>
internal static class RequestScheme
{
    private static readonly HttpRequestOptionsKey<string> s_key = new("ProxylessMesh.Scheme");

    public static void Set(HttpRequestMessage request, string scheme) => request.Options.Set(s_key, scheme);

    /// <summary>A WebSocket is an http request that asks for an upgrade (RFC 6455, 4.1).</summary>
    public static string Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(s_key, out var scheme) ? scheme
        : ReferenceEquals(request.RequestUri!.Scheme, Uri.UriSchemeWs) ? Uri.UriSchemeHttp
        : request.RequestUri.Scheme;
}
