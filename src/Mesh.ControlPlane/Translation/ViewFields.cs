namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Parts of a <see cref="ProxyView"/>.</summary>
[Flags]
internal enum ViewFields
{
    None = 0,
    Profile = 1,
    Namespace = 2,
    ServiceAccount = 4,
    WorkloadName = 8,
    Labels = 16,
    Locality = 32,
    InboundPorts = 64,
    IsGateway = 128,

    /// <summary>What nearly every translation depends on.</summary>
    Basic = Profile | Namespace,
}
