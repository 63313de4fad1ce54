namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>External hosts get no automatic mTLS.</summary>
internal enum ServiceEntryLocation
{
    MeshExternal,
    MeshInternal,
}
