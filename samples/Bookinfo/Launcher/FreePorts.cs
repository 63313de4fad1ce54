using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Bookinfo.Launcher;

/// <summary>Finds ports of 127.0.0.1 that nobody listens on.</summary>
internal static class FreePorts
{
    // Below the range from which Linux takes the local ports of outgoing connections (ip_local_port_range, 32768 and up): such
    // a port could be taken between being found free and being listened on, or while the control plane is down.
    private const int First = 20000;
    private const int End = 32000;

    public static int Next()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new LaunchException($"None of 100 ports tried between {First} and {End} of 127.0.0.1 is free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
