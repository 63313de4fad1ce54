namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Where the value of a descriptor's entry comes from.</summary>
internal enum LimitKeyKind
{
    /// <summary>The SPIFFE id of the caller; callers without one count as one.</summary>
    Identity,

    /// <summary>The address of the caller.</summary>
    Address,

    Header,

    /// <summary>Written in the policy.</summary>
    Fixed,
}
