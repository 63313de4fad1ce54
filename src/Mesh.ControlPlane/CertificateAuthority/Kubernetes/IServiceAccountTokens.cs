namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>Judges Kubernetes service-account tokens.</summary>
internal interface IServiceAccountTokens : IDisposable
{
    /// <param name="token">What the caller sent.</param>
    /// <param name="trustDomain">Of the id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<CallerProof> VerifyAsync(string token, string trustDomain, CancellationToken cancellationToken);
}
