using System.Net.Security;
using System.Security.Authentication;

namespace ProxylessMesh.Xds.Config;

/// <summary>Which versions and cipher suites of TLS a side agrees to.</summary>
/// <param name="Protocols">Versions.</param>
/// <param name="CipherSuites">Of TLS 1.2; those of 1.3 are not configurable (Envoy, TlsParameters.cipher_suites). Empty: the platform's.</param>
internal sealed record TlsParametersConfig(SslProtocols Protocols, EquatableArray<TlsCipherSuite> CipherSuites)
{
    // RFC 8446, appendix B.4. A policy without them would switch TLS 1.3 off.
    private static readonly TlsCipherSuite[] OfTls13 =
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    /// <summary>For one handshake; null: the platform's.</summary>
    /// <exception cref="AuthenticationException">The platform lets nobody choose (Windows).</exception>
    public CipherSuitesPolicy? CipherSuitesPolicy()
    {
        if (CipherSuites.Count == 0)
        {
            return null;
        }

        if (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
        {
            throw new AuthenticationException("the configuration names cipher suites, and on this platform only the system's settings choose them");
        }

        return new CipherSuitesPolicy([.. OfTls13, .. CipherSuites]);
    }

    /// <summary>Whether a connection could have been made under these settings.</summary>
    public bool Allows(SslProtocols protocol, TlsCipherSuite suite) =>
        (Protocols & protocol) != 0
        && (protocol == SslProtocols.Tls13 || CipherSuites.Count == 0 || CipherSuites.AsSpan().Contains(suite));
}
