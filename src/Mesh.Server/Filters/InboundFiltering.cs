using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;
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

        if (policy.RulesOf(connection) is not null)
        {
            // An HTTP server behind a TCP port: its connections were judged, and judged again when the rules changed.
            return default;
        }

        var chain = ChainOf(policy, connection);
        var isStream = OpenStreams.MayLast(context.Request);
        return chain is { IsEmpty: true } && !isStream ? default : RefuseAsync(context, connection, policy, chain, isStream);
    }

    /// <summary>Null: the policy takes no such connection. One that is more secure than it must be is judged as those that need not be.</summary>
    public static InboundFilterChain? ChainOf(InboundPolicy policy, InboundConnection connection) =>
        connection.ServerName is { } asked ? policy.ByServerName?.Find(asked)?.Filters
        : !connection.IsSecured ? policy.PlaintextFilters
        : policy.TlsRules is null ? policy.TlsFilters ?? policy.PlaintextFilters
        : null;

    private static async ValueTask<bool> RefuseAsync(
        HttpContext context, InboundConnection connection, InboundPolicy policy, InboundFilterChain? chain, bool isStream)
    {
        InboundReply? reply = NoChain;
        if (chain?.Describe(context, connection, out reply) is { } request)
        {
            reply = await chain.RunAsync(request).ConfigureAwait(false);
            if (reply is null && isStream)
            {
                connection.Port!.Streams.Enter(request, connection, policy);
            }
        }

        if (reply is null)
        {
            return false;
        }

        await InboundReplyWriter.WriteAsync(context, reply).ConfigureAwait(false);
        return true;
    }
}
