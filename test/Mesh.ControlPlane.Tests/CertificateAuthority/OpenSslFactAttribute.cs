using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>A fact that needs openssl.</summary>
public sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute() => Skip = OpenSslPresence.SkipReason;
}
