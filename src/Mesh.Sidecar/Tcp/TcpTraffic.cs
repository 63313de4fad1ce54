namespace ProxylessMesh.Sidecar.Tcp;

/// <summary>What has travelled on a connection; each direction is written by the one task that copies it.</summary>
internal sealed class TcpTraffic(IdleLimit idle)
{
    /// <summary>Bytes of the caller.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes of the app.</summary>
    public long Sent { get; private set; }

    public void FromCaller(long bytes)
    {
        Received += bytes;
        idle.Touch();
    }

    public void FromApp(long bytes)
    {
        Sent += bytes;
        idle.Touch();
    }
}
