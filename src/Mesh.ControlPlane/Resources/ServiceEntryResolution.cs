namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>How a ServiceEntry's endpoints are found.</summary>
internal enum ServiceEntryResolution
{
    None,
    Static,
    Dns,
}
