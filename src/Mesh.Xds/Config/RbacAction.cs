namespace ProxylessMesh.Xds.Config;

/// <summary>RBAC.Action.</summary>
internal enum RbacAction
{
    Allow,
    Deny,

    /// <summary>Lets everything through and says what matched.</summary>
    Log,
}
