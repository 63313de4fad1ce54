using System.Net.Sockets;

namespace ProxylessMesh.Client.Connections;

/// <summary>One connection to an endpoint, counted from when it is there to when it is closed.</summary>
internal sealed class UpstreamStream : NetworkStream
{
    private readonly OpenConnections _open;
    private LiveUpstreams? _registry;
    private int _closed;

    public UpstreamStream(Socket socket, OpenConnections open)
        : base(socket, ownsSocket: true)
    {
        _open = open;
        open.Opened();
    }

    /// <summary>Says so to a registry that holds it.</summary>
    public void WhenClosed(LiveUpstreams registry)
    {
        Interlocked.Exchange(ref _registry, registry);
        if (Volatile.Read(ref _closed) != 0)
        {
            registry.Remove(this);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _open.Closed();
            _registry?.Remove(this);
        }
    }
}
