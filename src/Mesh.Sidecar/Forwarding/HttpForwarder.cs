using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>
/// Sends a request on and its response back, both as they come. Whoever calls it has decided that the request may pass; what it
/// looks at is framing alone.
/// </summary>
internal static class HttpForwarder
{
    /// <summary>Never throws: what fails is the caller's response, or the end of its connection.</summary>
    /// <param name="context">The request; its headers are sent as they are now.</param>
    /// <param name="invoker">Sends it. Without redirects, cookies, decompression: the caller wants what the destination says.</param>
    /// <param name="destination">Where to.</param>
    [SuppressMessage("Design", "CA1031", Justification = "A failure is the caller's answer, never the server's error page.")]
    public static async Task ForwardAsync(HttpContext context, HttpMessageInvoker invoker, ForwardDestination destination)
    {
        var aborted = context.RequestAborted;
        var upgrade = UpgradeTunnel.Wanted(context);
        var body = upgrade is null && HasBody(context) ? new ForwardedBody(context.Request.BodyReader, aborted) : null;
        try
        {
            if (destination.TakesOnlyAscii && !RequestHead.IsAscii(context.Request.Headers))
            {
                await InboundReplyWriter.WriteAsync(context, ForwardFailures.NotAscii).ConfigureAwait(false);
                return;
            }

            using var request = IsTunnel(context, upgrade) ? null : RequestHead.Create(context, destination, upgrade, body);
            if (request is null)
            {
                await InboundReplyWriter.WriteAsync(context, ForwardFailures.NoTarget).ConfigureAwait(false);
                return;
            }

            Prepare(context, upgrade, request);
            HttpResponseMessage response;
            try
            {
                response = await invoker.SendAsync(request, aborted).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                await AnswerAsync(context, destination, body?.Failure ?? failure).ConfigureAwait(false);
                return;
            }

            using (response)
            {
                await ReturnAsync(context, response, upgrade, destination).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The head of the response is on its way: only a broken connection, or stream, still says that the rest is missing.
            context.Abort();
        }
        finally
        {
            if (body is not null)
            {
                await body.StopAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task ReturnAsync(HttpContext context, HttpResponseMessage response, string? upgrade, ForwardDestination destination)
    {
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            await (upgrade is null
                ? InboundReplyWriter.WriteAsync(context, ForwardFailures.UnwantedSwitch(destination))
                : UpgradeTunnel.RunAsync(context, response)).ConfigureAwait(false);
            return;
        }

        try
        {
            ResponseHead.Copy(response, context);
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await InboundReplyWriter.WriteAsync(context, ForwardFailures.BadHeaders(destination)).ConfigureAwait(false);
            return;
        }

        if (CanHaveBody(context.Request.Method, response.StatusCode))
        {
            await ResponseBody.CopyAsync(response, context, context.RequestAborted).ConfigureAwait(false);
            ResponseHead.CopyTrailers(response, context.Response);
        }
    }

    private static Task AnswerAsync(HttpContext context, ForwardDestination destination, Exception failure)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        return InboundReplyWriter.WriteAsync(context, ForwardFailures.Of(destination, failure));
    }

    private static void Prepare(HttpContext context, string? upgrade, HttpRequestMessage request)
    {
        if (upgrade is not null && UpgradeTunnel.IsExtendedConnect(context))
        {
            UpgradeTunnel.Complete(request);
        }

        // Both may be silent for hours; the destination's own limits hold for them.
        if ((upgrade is not null || GrpcContentType.IsGrpc(context.Request.ContentType)) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <summary>Kestrel knows better than the headers: an HTTP/2 request can have ended with them.</summary>
    private static bool HasBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private static bool IsTunnel(HttpContext context, string? upgrade) => upgrade is null && HttpMethods.IsConnect(context.Request.Method);

    /// <summary>RFC 9110, section 6.4.1.</summary>
    private static bool CanHaveBody(string method, HttpStatusCode status) =>
        !HttpMethods.IsHead(method) && status is not (HttpStatusCode.NoContent or HttpStatusCode.ResetContent or HttpStatusCode.NotModified);
}
