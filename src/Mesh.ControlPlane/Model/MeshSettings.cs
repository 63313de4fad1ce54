using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Mesh-wide settings (Istio's MeshConfig).</summary>
/// <param name="TrustDomain">Of all identities.</param>
/// <param name="RootNamespace">Whose policies apply to the whole mesh.</param>
/// <param name="ClusterDomain">Suffix of full service names.</param>
internal sealed record MeshSettings(
    string TrustDomain = "cluster.local",
    string RootNamespace = "istio-system",
    string ClusterDomain = "cluster.local")
{
    /// <summary>Former or other names of <see cref="TrustDomain"/>: policies about one hold for all (Istio, "Trust domain migration").</summary>
    public EquatableArray<string> TrustDomainAliases { get; init; } = [];

    /// <summary>What becomes of the paths of requests before policies and apps see them.</summary>
    public PathNormalization PathNormalization { get; init; } = PathNormalization.Base;

    /// <summary>Between workloads (MeshConfig.meshMTLS).</summary>
    public TlsSettings MutualTls { get; init; } = TlsSettings.Usual;

    /// <summary>To hosts outside the mesh (MeshConfig.tlsDefaults).</summary>
    public TlsSettings TlsDefaults { get; init; } = TlsSettings.Usual;

    /// <summary>For hosts that a client does not know, where no Sidecar says otherwise.</summary>
    public OutboundTrafficMode OutboundTraffic { get; init; } = OutboundTrafficMode.AllowAny;

    /// <summary>How long a client of a PERMISSIVE port of TCP may be silent before it counts as one of plaintext; 0: it never does.</summary>
    public TimeSpan ProtocolDetectionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether clients tell the control plane the load that they make.</summary>
    public bool LoadReports { get; init; }

    /// <summary>These, as the MeshConfigs of the root namespace change them; the oldest has the last word.</summary>
    public MeshSettings With(IEnumerable<MeshObject> objects) =>
        objects.OfType<MeshConfig>().Where(c => c.Meta.Id.Namespace == RootNamespace).OldestFirst().Reverse().Aggregate(this, (settings, config) => settings with
        {
            PathNormalization = config.PathNormalization ?? settings.PathNormalization,
            MutualTls = config.MutualTls ?? settings.MutualTls,
            TlsDefaults = config.TlsDefaults ?? settings.TlsDefaults,
            OutboundTraffic = config.OutboundTraffic ?? settings.OutboundTraffic,
            ProtocolDetectionTimeout = config.ProtocolDetectionTimeout ?? settings.ProtocolDetectionTimeout,
        });
}
