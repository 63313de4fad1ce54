namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>One client's stream, whatever variant it speaks.</summary>
internal interface IAdsConnection
{
    ClientStatus Status { get; }

    /// <summary>Asks for a push of the latest state. Free, and any number of times.</summary>
    void SignalPush();
}
