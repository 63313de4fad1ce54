using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Filters;

/// <summary>Judges each request by the newest policy of its port, however old its connection is.</summary>
internal static class InboundFiltering
{
    private static readonly InboundReply NoChain = new(403, GrpcStatusCode.PermissionDenied, "The port no longer accepts this connection");

    /// <summary>True: the request is answered.</summary>
    public static ValueTask<bool> RefuseAsync(HttpContext context, InboundConnection connection)
    {
        if (connection.Port?.Policy is not { } policy)
        {
            return default;
        }

        var chain = connection.IsSecured ? policy.TlsFilters : policy.PlaintextFilters;
        return chain is { IsEmpty: true } ? default : RefuseAsync(context, connection, chain);
    }

    private static async ValueTask<bool> RefuseAsync(HttpContext context, InboundConnection connection, InboundFilterChain? chain)
    {
        var reply = chain is null ? NoChain : await chain.RunAsync(Describe(context, connection)).ConfigureAwait(false);
        if (reply is null)
        {
            return false;
        }

        await InboundReplyWriter.WriteAsync(context, reply).ConfigureAwait(false);
        return true;
    }

    private static InboundRequest Describe(HttpContext context, InboundConnection connection)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new InboundRequest(context, connection, new RequestTarget(target.StartsWith('/') ? target : context.Request.Path.ToUriComponent()));
    }
}
