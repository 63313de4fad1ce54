using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>
/// WebSockets, asked for by an HTTP/1.1 upgrade (RFC 6455) or, in HTTP/2, an extended CONNECT (RFC 8441); towards the destination always
/// the former. No other protocol is switched to, as in Istio: an upgrade to h2c would carry requests past everybody who judges them.
/// </summary>
internal static class UpgradeTunnel
{
    private const string WebSocket = "websocket";
    private const int KeyLength = 16;

    /// <summary>The protocol that the request asks to switch to, or null.</summary>
    public static string? Wanted(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            return HopByHop.HasToken(context.Request.Headers.Upgrade, WebSocket) && HttpMethods.IsGet(context.Request.Method) ? WebSocket : null;
        }

        return IsExtendedConnect(context) ? WebSocket : null;
    }

    public static bool IsExtendedConnect(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol }
        && protocol.Equals(WebSocket, StringComparison.OrdinalIgnoreCase);

    /// <summary>What HTTP/1.1 asks of a handshake and HTTP/2 has no need of (RFC 8441, section 5).</summary>
    public static void Complete(HttpRequestMessage request)
    {
        request.Headers.Remove("Sec-WebSocket-Key");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength)));
    }

    /// <summary>Switches towards the caller, too, and copies until one side ends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">101 of the destination.</param>
    public static async Task RunAsync(HttpContext context, HttpResponseMessage response)
    {
        ResponseHead.Copy(response, context);
        Stream caller;
        if (IsExtendedConnect(context))
        {
            context.Response.Headers.Remove("Sec-WebSocket-Accept");
            context.Response.StatusCode = StatusCodes.Status200OK;
            caller = await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync().ConfigureAwait(false);
        }
        else
        {
            context.Response.Headers.Upgrade = WebSocket;
            caller = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
        }

        await using (caller.ConfigureAwait(false))
        {
            var destination = await response.Content.ReadAsStreamAsync(context.RequestAborted).ConfigureAwait(false);
            await using (destination.ConfigureAwait(false))
            {
                if (!await DuplexCopy.RunAsync(caller, destination, context.RequestAborted).ConfigureAwait(false))
                {
                    context.Abort();
                }
            }
        }
    }
}
