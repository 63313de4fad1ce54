using Microsoft.AspNetCore.Connections;

namespace ProxylessMesh.Server.Listening;

/// <summary>
/// Tells an endpoint that speaks HTTP from one with a ConnectionHandler. Kestrel appends its HTTP server to every endpoint, behind
/// whatever the app has put there, and says nowhere which of them is reached. Where the HTTP server comes directly behind the mesh,
/// requests are certain; elsewhere each connection has to show it (<see cref="Tcp.RequestProof"/>).
/// </summary>
internal static class HttpEndpoint
{
    private const string HttpServer = "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.HttpConnectionMiddleware`1";

    /// <param name="next">What an endpoint's first middleware is to call.</param>
    public static bool Is(ConnectionDelegate next) =>
        next.Target?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition().FullName == HttpServer;
}
