namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>One client's stream, whatever variant it speaks.</summary>
internal interface IAdsConnection
{
    ClientStatus Status { get; }

    /// <summary>Asks for a push of the latest state. Free, and any number of times.</summary>
    /// <param name="scope">What may be new.</param>
    void SignalPush(PushScope scope);

    /// <summary>Why the stream was ended; null = it was not.</summary>
    string? Refusal { get; }

    /// <summary>Ends the stream of a client that is no longer admitted.</summary>
    void Review(IWorkloadAdmission? admission);
}
