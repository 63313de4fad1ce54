using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>trafficPolicy.tls; all but the mode is for SIMPLE and MUTUAL.</summary>
internal sealed record ClientTls(ClientTlsMode Mode, SourcePosition Position)
{
    /// <summary>PEM file on the client's machine; set for MUTUAL only.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file of the roots; null: the client's machine's.</summary>
    public string? RootsFile { get; init; }

    /// <summary>Null: the host called.</summary>
    public string? ServerName { get; init; }

    /// <summary>Empty: the server name.</summary>
    public EquatableArray<string> SubjectAltNames { get; init; } = [];

    /// <summary>Trusts any certificate.</summary>
    public bool SkipVerify { get; init; }
}
