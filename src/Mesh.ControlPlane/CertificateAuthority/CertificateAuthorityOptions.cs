using System.Net;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>What the authority certifies, and for how long.</summary>
internal sealed record CertificateAuthorityOptions
{
    /// <summary>Where keys are kept, mode 0700.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Whether what is issued is written down in <see cref="DataDirectory"/>, so that an account's certificates can be revoked.</summary>
    public bool KeepsRecord { get; init; } = true;

    /// <summary>Folder of the operator's own authority (Istio's <c>cacerts</c>); null = the data directory's.</summary>
    public string? PluggedInDirectory { get; init; }

    /// <summary>How often the authority's files are looked at.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>In lower case.</summary>
    public string TrustDomain { get; init; } = "cluster.local";

    /// <summary>Former or other names of it: their certificates prove an identity of the trust domain.</summary>
    public IReadOnlyList<string> TrustDomainAliases { get; init; } = [];

    /// <summary>Of a root made at first start.</summary>
    public TimeSpan RootLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Of a workload's certificate when the request names none.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The most that a request gets.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Host names, besides localhost, under which workloads reach the control plane.</summary>
    public IReadOnlyList<string> ServerNames { get; init; } = [];

    /// <summary>Addresses, besides the loopback ones, under which workloads reach the control plane.</summary>
    public IReadOnlyList<IPAddress> ServerAddresses { get; init; } = [];
}
