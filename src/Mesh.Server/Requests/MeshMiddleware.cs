using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Propagation;
using ProxylessMesh.Server.Draining;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.LoadReports;
using ProxylessMesh.Server.LoadShedding;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Requests;

/// <summary>What the mesh does with a request before the app sees it.</summary>
internal sealed partial class MeshMiddleware(
    HeaderCapture capture,
    bool appAuthenticates,
    ConnectionDrain drain,
    LoadShedder? shedder,
    LogThrottle unguarded,
    ILogger<MeshMiddleware> logger,
    RequestDelegate next)
{
    private const string ClientCertificate = "x-forwarded-client-cert";

    public static MeshMiddleware Create(IServiceProvider services, RequestDelegate next)
    {
        var mesh = services.GetRequiredService<IInboundMesh>();
        return new MeshMiddleware(
            new HeaderCapture(PropagationHeaderNames.With(mesh.Options.PropagateHeaders)),
            services.GetRequiredService<AppAuthentication>().HasOwn,
            services.GetRequiredService<ConnectionDrain>(),
            services.GetRequiredService<LoadShedder>() is { IsOn: true } shedder ? shedder : null,
            new LogThrottle(mesh.Time, TimeSpan.FromSeconds(10)),
            services.GetRequiredService<ILogger<MeshMiddleware>>(),
            services.GetRequiredService<LoadReporting>().Around(next));
    }

    /// <remarks>Async although it only awaits at its end: what flows with the execution context then ends with the request.</remarks>
    public async Task InvokeAsync(HttpContext context)
    {
        var inbound = context.Features.Get<InboundConnection>();
        if (inbound is null && IsUnguarded(context))
        {
            await RefuseAsync(context).ConfigureAwait(false);
            return;
        }

        if (inbound is not null && RequestFraming.Check(context) is { } malformed)
        {
            await EndAsync(context, malformed).ConfigureAwait(false);
            return;
        }

        drain.Apply(context);
        using var place = shedder is null ? null : await shedder.EnterAsync(context).ConfigureAwait(false);
        if (shedder is not null && place is null)
        {
            return;
        }

        SetScheme(context, inbound);
        if (inbound?.Peer is { } peer)
        {
            SetUser(context, peer);
        }

        var headers = context.Request.Headers;
        if (inbound is not null)
        {
            // Envoy's SANITIZE, its default: only a proxy that verified a certificate may speak of one, and there is none before the app.
            headers.Remove(ClientCertificate);
        }

        if (!headers.ContainsKey(PropagationHeaderNames.RequestId))
        {
            headers[PropagationHeaderNames.RequestId] = Guid.NewGuid().ToString();
        }

        if (inbound is not null && await InboundFiltering.RefuseAsync(context, inbound).ConfigureAwait(false))
        {
            return;
        }

        PropagatedHeaders.Current = capture.From(headers);
        await next(context).ConfigureAwait(false);
    }

    private void SetUser(HttpContext context, MeshPeer peer)
    {
        if (appAuthenticates)
        {
            MeshClaimsTransformation.Peer = peer;
        }
        else
        {
            context.Features.Set<IHttpAuthenticationFeature>(new MeshAuthenticationFeature(peer));
        }
    }

    // Mutual TLS belongs to the mesh, not to the URL: as behind a sidecar, the app sees the http that its caller wrote. This
    // also undoes what AllowAlternateSchemes lets a client claim.
    private static void SetScheme(HttpContext context, InboundConnection? inbound)
    {
        var scheme = inbound is not null ? "http" : context.Features.Get<ITlsConnectionFeature>() is not null ? "https" : null;
        if (scheme is not null && context.Request.Scheme != scheme)
        {
            context.Request.Scheme = scheme;
        }
    }

    // A TCP port without TLS that did not come through the mesh. In-memory servers and Unix sockets have no address.
    private static bool IsUnguarded(HttpContext context) =>
        context.Connection.LocalIpAddress is not null && context.Features.Get<ITlsConnectionFeature>() is null;

    // RFC 9112, section 6.1: where a request ends is not agreed, so nothing behind it is read.
    private static Task EndAsync(HttpContext context, InboundReply malformed)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return InboundReplyWriter.WriteAsync(context, malformed);
    }

    // Fail closed: no policy was applied to this connection, and the port could be one that must be STRICT.
    private Task RefuseAsync(HttpContext context)
    {
        if (unguarded.TryPass(out _))
        {
            Log.Unguarded(logger, context.Connection.LocalPort);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("The mesh does not guard this port: its endpoint lacks UseMesh().\n", context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(3100, LogLevel.Error, "Port {Port} is not guarded by the mesh, so its requests are refused: the app's ConfigureEndpointDefaults replaces the mesh's; call UseMesh() on the ListenOptions in it")]
        public static partial void Unguarded(ILogger logger, int port);
    }
}
