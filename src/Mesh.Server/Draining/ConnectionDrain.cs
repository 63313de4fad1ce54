using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ProxylessMesh.Server.Draining;

/// <summary>
/// While the app is leaving, sends callers off their connections after each request: <c>Connection: close</c> in HTTP/1.1, GOAWAY in
/// HTTP/2. Who comes back is still served; who has heard that the endpoint is gone goes elsewhere (Envoy, "Draining").
/// </summary>
internal sealed class ConnectionDrain
{
    private volatile bool _begun;

    public void Begin() => _begun = true;

    public void Apply(HttpContext context)
    {
        if (!_begun)
        {
            return;
        }

        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            context.Response.Headers.Connection = "close";
        }
    }
}
