using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>A theory that needs openssl.</summary>
public sealed class OpenSslTheoryAttribute : TheoryAttribute
{
    public OpenSslTheoryAttribute() => Skip = OpenSslPresence.SkipReason;
}
