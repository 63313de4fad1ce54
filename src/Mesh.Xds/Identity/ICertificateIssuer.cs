namespace ProxylessMesh.Xds.Identity;

/// <summary>The certificate authority as a workload sees it.</summary>
internal interface ICertificateIssuer
{
    /// <summary>Has a key certified; any exception means that it failed, with a message that says why.</summary>
    /// <param name="signingRequest">PKCS#10, PEM.</param>
    /// <param name="lifetime">Asked for; the authority may shorten it.</param>
    /// <param name="current">The certificate that proves who we are, when there is one that is still valid.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chain in PEM, leaf first, root last.</returns>
    Task<string> IssueAsync(string signingRequest, TimeSpan lifetime, WorkloadCertificate? current, CancellationToken cancellationToken);
}
