namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What becomes of calls to hosts that the mesh does not know (outboundTrafficPolicy.mode).</summary>
internal enum OutboundTrafficMode
{
    /// <summary>They pass by the mesh.</summary>
    AllowAny,

    /// <summary>They are answered with 502.</summary>
    RegistryOnly,
}
