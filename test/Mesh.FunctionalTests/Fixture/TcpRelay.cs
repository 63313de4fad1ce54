using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>
/// Bytes from one address to another until it is cut, as the network in front of a machine that loses its power: what was
/// registered stays registered, open connections are reset, and nobody answers any more.
/// </summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly ConcurrentBag<Socket> _sockets = [];

    private TcpRelay(IPEndPoint from, IPEndPoint target)
    {
        _listener = new TcpListener(from);
        _target = target;
    }

    public static TcpRelay Start(IPEndPoint from, IPEndPoint target)
    {
        var relay = new TcpRelay(from, target);
        relay._listener.Start();
        _ = relay.AcceptAsync();
        return relay;
    }

    public void Cut()
    {
        _listener.Stop();
        foreach (var socket in _sockets)
        {
            // Zero seconds of lingering: a reset instead of an orderly end.
            socket.Close(0);
        }
    }

    public void Dispose() => Cut();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var accepted = await _listener.AcceptSocketAsync();
                var dialled = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _sockets.Add(accepted);
                _sockets.Add(dialled);
                await dialled.ConnectAsync(_target);
                _ = CopyAsync(accepted, dialled);
                _ = CopyAsync(dialled, accepted);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            for (int read; (read = await from.ReceiveAsync(buffer.AsMemory())) > 0;)
            {
                await to.SendAsync(buffer.AsMemory(0, read));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side went; the other learns it from its own socket.
        }
    }
}
