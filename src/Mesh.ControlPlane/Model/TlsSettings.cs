using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Versions and cipher suites of TLS (Istio, MeshConfig.TLSConfig).</summary>
/// <param name="Only13">minProtocolVersion TLSV1_3 rather than TLSV1_2.</param>
/// <param name="CipherSuites">Of TLS 1.2, by OpenSSL's names; empty: the platform's.</param>
internal sealed record TlsSettings(bool Only13, EquatableArray<string> CipherSuites)
{
    /// <summary>TLS 1.2 and 1.3 with the platform's suites.</summary>
    public static TlsSettings Usual { get; } = new(Only13: false, []);
}
