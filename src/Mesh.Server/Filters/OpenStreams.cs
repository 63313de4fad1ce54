using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Filters;

/// <summary>
/// The requests of a port that may go on for hours: WebSockets, gRPC calls, server-sent events. A policy that comes to deny one
/// ends it, as it would refuse it at its beginning. All others are over before that matters.
/// </summary>
internal sealed class OpenStreams
{
    private readonly ConcurrentDictionary<OpenStream, bool> _open = new(ReferenceEqualityComparer.Instance);

    public static bool MayLast(HttpRequest request)
    {
        var headers = request.Headers;
        return GrpcContentType.IsGrpc(headers.ContentType)
            || headers.Upgrade.Count > 0
            || HttpMethods.IsConnect(request.Method)
            || (headers.Accept is [{ } accept, ..] && accept.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Until the request ends.</summary>
    /// <param name="request">Which has been let through.</param>
    /// <param name="connection">Of it.</param>
    /// <param name="policy">By which.</param>
    public void Enter(InboundRequest request, InboundConnection connection, InboundPolicy policy)
    {
        var stream = new OpenStream(this, request, connection);
        _open.TryAdd(stream, true);
        request.HttpContext.Response.RegisterForDispose(stream);

        // After adding, so that a change either finds the stream in the set or is seen here.
        if (connection.Port?.Policy is { } newest && !ReferenceEquals(newest, policy))
        {
            stream.EndUnlessAllowed(newest);
        }
    }

    public void Leave(OpenStream stream) => _open.TryRemove(stream, out _);

    /// <returns>How many were ended.</returns>
    public int Judge(InboundPolicy policy)
    {
        var ended = 0;
        foreach (var (stream, _) in _open)
        {
            ended += stream.EndUnlessAllowed(policy) ? 1 : 0;
        }

        return ended;
    }
}
