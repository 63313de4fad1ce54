namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>AuthorizationPolicy.Action.</summary>
internal enum AuthorizationAction
{
    Allow,
    Deny,
    Audit,
    Custom,
}
