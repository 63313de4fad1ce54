using System.Net;

namespace ProxylessMesh.Client.Connections;

/// <summary>
/// Sends a request that was asked for in HTTP/1.1 over HTTP/2 (Istio, h2UpgradePolicy: UPGRADE). Request and response still say
/// what the caller asked for.
/// </summary>
internal static class Http2Upgrade
{
    public static Task<HttpResponseMessage> SendAsync(HttpMessageInvoker connections, HttpRequestMessage request, CancellationToken cancellationToken) =>
        Applies(request) ? SendUpgradedAsync(connections, request, cancellationToken) : connections.SendAsync(request, cancellationToken);

    /// <summary>A protocol switch (WebSocket) is one of HTTP/1.1.</summary>
    public static bool Applies(HttpRequestMessage request) => !WireVersion.IsHttp2(request) && !request.Headers.NonValidated.Contains("Upgrade");

    private static async Task<HttpResponseMessage> SendUpgradedAsync(
        HttpMessageInvoker connections, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (version, policy) = (request.Version, request.VersionPolicy);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            var response = await connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
            response.Version = version;
            return response;
        }
        finally
        {
            request.Version = version;
            request.VersionPolicy = policy;
        }
    }
}
