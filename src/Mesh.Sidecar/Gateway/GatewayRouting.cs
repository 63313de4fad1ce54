using System.Collections.Concurrent;
using System.Net;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;
using ProxylessMesh.Sidecar.Forwarding;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Sidecar.Gateway;

/// <summary>
/// The end of a gateway's pipeline: what the mesh has let through takes the routes of the server that its connection belongs to, and no
/// others. The rest is the mesh's outbound side, as in an app.
/// </summary>
internal sealed class GatewayRouting(MeshRuntime runtime, ILoggerFactory loggers) : IDisposable
{
    private static readonly InboundReply NoRoutes = new(StatusCodes.Status404NotFound, GrpcStatusCode.Unimplemented, "There is nothing here");
    private static readonly InboundReply Misdirected = new(StatusCodes.Status421MisdirectedRequest, GrpcStatusCode.Unavailable, "This connection is for another host");

    /// <summary>
    /// The host of the URI leads nowhere: routes go by the Host header, which is the caller's, and what they lead to is what is dialled.
    /// The target stays as the policies have judged it: Uri would read a backslash as a slash, which they do not where nothing is normalised.
    /// </summary>
    private static readonly ForwardDestination Http1 = new("http://gateway.invalid", HttpVersion.Version11, "The service") { TakesOnlyAscii = true };
    private static readonly ForwardDestination Http2 = Http1 with { Version = HttpVersion.Version20 };

    // Strangers ask for whatever they like.
    private readonly LogThrottle _throttle = new(runtime.Time, TimeSpan.FromSeconds(10));
    private readonly ILogger<GatewayCalls> _logger = loggers.CreateLogger<GatewayCalls>();
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _routes = new(StringComparer.Ordinal);

    public Task RouteAsync(HttpContext context)
    {
        if (context.Features.Get<InboundConnection>() is not { Port.Policy: { } policy } connection
            || InboundFiltering.ChainOf(policy, connection)?.RouteConfigName is not { } routes)
        {
            return InboundReplyWriter.WriteAsync(context, NoRoutes);
        }

        if (IsMisdirected(context.Request, policy, connection))
        {
            return InboundReplyWriter.WriteAsync(context, HttpProtocol.IsHttp2(context.Request.Protocol) ? Misdirected : NoRoutes);
        }

        EdgeHeaders.Apply(context, connection.IsSecured);
        var isGrpc = GrpcContentType.IsGrpc(context.Request.ContentType);
        return HttpForwarder.ForwardAsync(context, InvokerOf(routes, connection.IsSecured), isGrpc ? Http2 : Http1);
    }

    public void Dispose()
    {
        foreach (var invoker in _routes.Values)
        {
            invoker.Dispose();
        }
    }

    /// <summary>
    /// Another server answers for the host, which may ask callers for certificates where this one asks none. Clients of HTTP/2 come here in good
    /// faith: they use a connection for every host that its certificate covers (RFC 9113, section 9.1.2), and 421 sends them elsewhere.
    /// </summary>
    private static bool IsMisdirected(HttpRequest request, InboundPolicy policy, InboundConnection connection) =>
        connection.ServerName is { } asked
        && policy.ByServerName is { } servers
        && servers.Find(AuthorityPort.Without(request.Host.Value ?? "")) is var own
        && own != servers.Find(asked);

    // Names come from the control plane's listeners: as many as Gateways have servers.
    private HttpMessageInvoker InvokerOf(string routes, bool isSecured) =>
        _routes.TryGetValue(routes, out var known)
            ? known
            : _routes.GetOrAdd(routes, static (name, state) => new HttpMessageInvoker(
                new GatewayCalls(state.Runtime.CreateGatewayHandler(name), state.IsSecured ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, state.Throttle, state.Logger)), (Runtime: runtime, IsSecured: isSecured, Throttle: _throttle, Logger: _logger));
}
