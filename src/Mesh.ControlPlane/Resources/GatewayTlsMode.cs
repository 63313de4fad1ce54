namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Of whom a gateway's server asks a certificate (Istio, ServerTLSSettings.TLSmode). TLS that ends elsewhere is not supported yet.</summary>
internal enum GatewayTlsMode
{
    /// <summary>The server shows one, callers need none.</summary>
    Simple,

    /// <summary>Callers must show one.</summary>
    Mutual,

    /// <summary>What a caller shows is verified.</summary>
    OptionalMutual,
}
