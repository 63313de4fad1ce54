using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Istio's MeshConfig as an object (proxylessmesh.io/v1alpha1). Counts in the root namespace alone; what it leaves out is as <c>mesh serve</c> was told.</summary>
internal sealed record MeshConfig(ObjectMeta Meta, EquatableArray<AuthorizationProvider> Providers) : MeshObject(Meta)
{
    /// <summary>pathNormalization.normalization.</summary>
    public PathNormalization? PathNormalization { get; init; }

    /// <summary>meshMTLS.</summary>
    public TlsSettings? MutualTls { get; init; }

    /// <summary>tlsDefaults.</summary>
    public TlsSettings? TlsDefaults { get; init; }

    /// <summary>outboundTrafficPolicy.mode.</summary>
    public OutboundTrafficMode? OutboundTraffic { get; init; }

    /// <summary>protocolDetectionTimeout; 0 = none.</summary>
    public TimeSpan? ProtocolDetectionTimeout { get; init; }
}
