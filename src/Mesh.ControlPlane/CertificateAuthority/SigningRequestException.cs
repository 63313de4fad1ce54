namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>A signing request that is not certified. One sentence for the workload.</summary>
internal sealed class SigningRequestException(string message, Exception? inner = null) : Exception(message, inner);
