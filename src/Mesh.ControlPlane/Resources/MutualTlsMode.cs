namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>PeerAuthentication.mtls.mode; Unset inherits.</summary>
internal enum MutualTlsMode
{
    Unset,
    Disable,
    Permissive,
    Strict,
}
