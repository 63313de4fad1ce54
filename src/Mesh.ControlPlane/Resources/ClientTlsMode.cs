namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>As far as workloads in the mesh need it.</summary>
internal enum ClientTlsMode
{
    Disable,
    IstioMutual,
}
