using ProxylessMesh.Testing;

namespace ProxylessMesh.Xds.Tests.Jose;

/// <summary>A theory that needs openssl.</summary>
public sealed class OpenSslTheoryAttribute : TheoryAttribute
{
    public OpenSslTheoryAttribute() => Skip = OpenSslPresence.SkipReason;
}
