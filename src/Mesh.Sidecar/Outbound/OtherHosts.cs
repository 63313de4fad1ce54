using System.Net;
using System.Net.Sockets;
using ProxylessMesh.Sidecar.Forwarding;

namespace ProxylessMesh.Sidecar.Outbound;

/// <summary>The way to hosts that the mesh does not know: straight there, but never back to the proxy itself.</summary>
internal static class OtherHosts
{
    /// <param name="own">Where the proxy listens, once it does.</param>
    public static SocketsHttpHandler CreateHandler(Func<IPEndPoint?> own) => LocalUpstream.CreateHandler(socket => Check(socket, own()));

    // Asked of the connection and not of the name: any name can have this address.
    private static void Check(Socket socket, IPEndPoint? proxy)
    {
        if (proxy is not null && socket.RemoteEndPoint is IPEndPoint reached && reached.Port == proxy.Port && Plain(reached.Address).Equals(proxy.Address))
        {
            throw new ProxyLoopException();
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
