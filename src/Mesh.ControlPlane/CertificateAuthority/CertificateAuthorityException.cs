namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The authority cannot start: what it keeps on disk is damaged or does not fit together. One sentence for the operator.</summary>
internal sealed class CertificateAuthorityException(string message, Exception? inner = null) : Exception(message, inner);
