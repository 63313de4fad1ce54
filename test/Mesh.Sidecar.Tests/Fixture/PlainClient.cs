using System.Net;

namespace ProxylessMesh.Sidecar.Tests.Fixture;

/// <summary>An ordinary client of one version of HTTP.</summary>
internal static class PlainClient
{
    public static HttpClient Create(int version) => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        DefaultRequestVersion = version == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
