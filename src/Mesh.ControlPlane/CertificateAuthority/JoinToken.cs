namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>What a join token says.</summary>
/// <param name="Namespace">Of the workload that may join.</param>
/// <param name="ServiceAccount">Of the workload that may join.</param>
/// <param name="Expires">Until when.</param>
/// <param name="Id">Names the token in logs, where its text never appears.</param>
internal sealed record JoinToken(string Namespace, string ServiceAccount, DateTimeOffset Expires, string Id)
{
    /// <summary>It gets one certificate, and no configuration.</summary>
    public bool IsSingleUse { get; init; }
}
