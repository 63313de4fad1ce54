using Microsoft.AspNetCore.Http;
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
        InboundReply? reply = NoChain;
        if (chain?.Describe(context, connection, out reply) is { } request)
        {
            reply = await chain.RunAsync(request).ConfigureAwait(false);
        }

        if (reply is null)
        {
            return false;
        }

        await InboundReplyWriter.WriteAsync(context, reply).ConfigureAwait(false);
        return true;
    }
}
