using System.Net;
using ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Serving;

/// <summary>What <c>mesh serve</c> is told.</summary>
internal sealed record ControlPlaneOptions
{
    /// <summary>Folder of the configuration.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>Folder of the authority's keys.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folder of the operator's own certificate authority; null = the mesh's, in the data folder.</summary>
    public string? CertificatesDirectory { get; init; }

    /// <summary>The Kubernetes API server that service-account tokens are shown to; null = they prove nothing.</summary>
    public TokenReviewOptions? TokenReview { get; init; }

    /// <summary>How service-account tokens are verified without the API server; null = they are not. Not together with <see cref="TokenReview"/>.</summary>
    public OfflineTokenOptions? OfflineTokens { get; init; }

    /// <summary>Whether a workload registers only if its service account is bound to labels or names.</summary>
    public bool RequireBindings { get; init; }

    /// <summary>How often the authority's files are looked at.</summary>
    public TimeSpan CertificatesReloadInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Of a workload's certificate, when it asks for none.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The most that a workload gets.</summary>
    public TimeSpan MaxCertificateLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Plaintext xDS: whoever reaches it reads the configuration, so loopback unless told; null = not served. Port 0 takes a free one.</summary>
    public IPEndPoint? XdsAddress { get; init; } = new(IPAddress.Loopback, 15010);

    /// <summary>xDS and certificates over TLS. Port 0 takes a free one.</summary>
    public IPEndPoint SecureAddress { get; init; } = new(IPAddress.Loopback, 15012);

    /// <summary>Where operators' commands are answered: whoever reaches it sees who is connected; null = nowhere. Port 0 takes a free one.</summary>
    public IPEndPoint? AdminAddress { get; init; }

    /// <summary>Nobody asked for <see cref="AdminAddress"/>: if it is in use, the control plane runs without.</summary>
    public bool AdminIsOptional { get; init; }

    /// <summary>Host names and addresses, besides the loopback ones and the bound one, that the server's certificate names.</summary>
    public IReadOnlyList<string> ServerNames { get; init; } = [];

    /// <summary>Trust domain and the like.</summary>
    public MeshSettings Mesh { get; init; } = new();

    /// <summary>How the keys of RequestAuthentications are fetched.</summary>
    public KeySetLimits KeySets { get; init; } = new();

    /// <summary>How clients tell the load that they make; null = they do not. <see cref="MeshSettings.LoadReports"/> has them do it.</summary>
    public LoadReportSettings? LoadReports { get; init; }

    /// <summary>Whether resources that are kept from state to state are translated again each time and compared: for tests.</summary>
    public bool VerifyTranslations { get; init; }

    /// <summary>What one client may cost.</summary>
    public AdsSettings Ads { get; init; } = new();
}
