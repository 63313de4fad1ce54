using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>
/// Ports that stay ours while nobody listens on them, as a control plane that restarts needs them: below the range from which
/// Linux takes the local ports of outgoing connections (ip_local_port_range).
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int s_next = Environment.ProcessId * 97;

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_next) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
