using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>TLS of a gateway's server. Keys are named and never held: only the gateway's process reads them.</summary>
/// <param name="Mode">Whom it asks for a certificate.</param>
internal sealed record GatewayTls(GatewayTlsMode Mode)
{
    /// <summary>A file of the gateway's machine, in PEM.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Roots of the callers' certificates.</summary>
    public string? RootsFile { get; init; }

    /// <summary>A folder in the gateway's credential directory, in place of files.</summary>
    public string? Credential { get; init; }

    /// <summary>The folder of the roots, where it is another one.</summary>
    public string? RootsCredential { get; init; }

    /// <summary>One of which a caller's certificate must have; none: any certificate of the roots will do.</summary>
    public EquatableArray<string> SubjectAltNames { get; init; } = [];

    /// <summary>minProtocolVersion TLSV1_3.</summary>
    public bool Only13 { get; init; }

    /// <summary>maxProtocolVersion TLSV1_2.</summary>
    public bool Only12 { get; init; }

    /// <summary>Of TLS 1.2, by OpenSSL's names; empty: the platform's.</summary>
    public EquatableArray<string> CipherSuites { get; init; } = [];
}
