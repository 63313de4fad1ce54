namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>trafficPolicy.tls.mode.</summary>
internal enum ClientTlsMode
{
    Disable,

    /// <summary>TLS to a server outside the mesh.</summary>
    Simple,

    /// <summary>The same with a certificate of our own, from files.</summary>
    Mutual,

    /// <summary>The mesh's mutual TLS.</summary>
    IstioMutual,
}
