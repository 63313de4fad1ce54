using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Draining;

/// <summary>
/// While the app is leaving, sends callers off their connections after each request: <c>Connection: close</c> in HTTP/1.1, GOAWAY in
/// HTTP/2. Who comes back is still served; who has heard that the endpoint is gone goes elsewhere (Envoy, "Draining").
/// </summary>
internal sealed class ConnectionDrain(IInboundMesh mesh)
{
    private long _begunAt;
    private volatile bool _begun;

    public void Begin()
    {
        _begunAt = mesh.Time.GetTimestamp();
        _begun = true;
    }

    public void Apply(HttpContext context)
    {
        if (!_begun)
        {
            return;
        }

        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            // Calls that are under way when GOAWAY arrives are repeated by the client, which gives up after a few times: so only
            // connections from before, not each one that comes back until the caller has heard.
            if (context.Features.Get<InboundConnection>() is { } connection && connection.AcceptedAt <= _begunAt)
            {
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }
        }
        else
        {
            context.Response.Headers.Connection = "close";
        }
    }
}
