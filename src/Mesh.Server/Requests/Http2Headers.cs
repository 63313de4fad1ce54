using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Requests;

/// <summary>What RFC 9113, section 8.2, forbids in header sections and Kestrel lets through: names that are no tokens, and headers of a connection.</summary>
internal static class Http2Headers
{
    private static readonly InboundReply NoToken = new(400, GrpcStatusCode.Internal, "A header's name must be a token");
    private static readonly InboundReply OfAConnection = new(400, GrpcStatusCode.Internal, "An HTTP/2 request must not have headers of an HTTP/1.1 connection");

    // RFC 9110, section 5.6.2. Kestrel has refused capitals of unknown names, and gives known names capitals of its own.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Null: nothing is wrong.</summary>
    public static InboundReply? Check(IHeaderDictionary headers)
    {
        if (headers.TransferEncoding.Count > 0 || headers.Upgrade.Count > 0 || headers.KeepAlive.Count > 0 || headers.ContainsKey("Proxy-Connection"))
        {
            return OfAConnection;
        }

        // Copied, because an enumerator of the interface would be allocated for each request.
        var count = headers.Count;
        var fields = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(count);
        headers.CopyTo(fields, 0);
        var isToken = true;
        for (var i = 0; i < count && isToken; i++)
        {
            isToken = fields[i].Key is { Length: > 0 } name && !name.AsSpan().ContainsAnyExcept(Token);
        }

        ArrayPool<KeyValuePair<string, StringValues>>.Shared.Return(fields, clearArray: true);
        return isToken ? null : NoToken;
    }
}
