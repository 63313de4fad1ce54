namespace ProxylessMesh.Client.Connections;

/// <summary>
/// The version in which SocketsHttpHandler sends an <c>http://</c> request: "2 or lower" has no ALPN to find out by, and is 1.1
/// (HttpVersionPolicy). The mesh's TLS has to agree with it, for it is below the handler's sight.
/// </summary>
internal static class WireVersion
{
    public static bool IsHttp2(HttpRequestMessage request) =>
        request.Version.Major >= 2 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower;
}
