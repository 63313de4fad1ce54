using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

/// <summary>A certificate authority that is away, slow or wrong when told.</summary>
internal sealed class ScriptedIssuer(TestAuthority authority) : ICertificateIssuer
{
    public const string Id = "spiffe://cluster.local/ns/default/sa/reviews";

    public TestLeaf Leaf { get; set; } = new() { Uris = [Id] };

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Given instead of an answer.</summary>
    public string? Answer { get; set; }

    /// <summary>Never answers.</summary>
    public bool Hangs { get; set; }

    public List<WorkloadCertificate?> Proofs { get; } = [];

    public TimeSpan Lifetime { get; private set; }

    public async Task<string> IssueAsync(
        string signingRequest, TimeSpan lifetime, WorkloadCertificate? current, CancellationToken cancellationToken)
    {
        Lifetime = lifetime;
        Proofs.Add(current);
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        if (Fault is not null)
        {
            throw Fault;
        }

        if (Answer is not null)
        {
            return Answer;
        }

        var request = CertificateRequest.LoadSigningRequestPem(signingRequest, HashAlgorithmName.SHA256);
        using var leaf = authority.Issue(request.PublicKey, Leaf);
        return string.Join('\n', new[] { leaf }.Concat(authority.Intermediates).Concat(authority.Roots).Select(c => c.ExportCertificatePem()));
    }
}
