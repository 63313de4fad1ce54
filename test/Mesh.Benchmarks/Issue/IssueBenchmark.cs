using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Issue;

/// <summary>
/// From signing request to certificate on one core, against what openssl signs on one core in the same run. The authority also
/// verifies the request's own signature, which for ECDSA costs more than signing does, and before that has to make a key object of
/// the sender's public key, which costs more than both. The table of phases shows it. Both sides count processor time,
/// as openssl speed does, and not time on the clock.
/// </summary>
internal sealed class IssueBenchmark : IBenchmark
{
    private const int RoundCount = 3;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(0.3);

    public string Name => "issue";

    public string Description => "certificates per second and core, against openssl speed's signatures";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var verdicts = new List<Verdict>();
        foreach (var (algorithm, type) in ((string, WorkloadKeyType)[])[("ecdsap256", WorkloadKeyType.EcdsaP256), ("rsa2048", WorkloadKeyType.Rsa2048)])
        {
            var folder = Directory.CreateTempSubdirectory("mesh-issue-").FullName;
            try
            {
                using var authority = Open(folder, type);
                using var key = SigningRequest.NewKey(type);
                var request = SigningRequest.Create(key);
                Rate(authority, request);
                var rounds = await Rounds.RunAsync(
                    [
                        new Side("mesh", () => Task.FromResult(Rate(authority, request))),
                        new Side("openssl sign", async () => (await OpenSslSpeed.RunAsync(algorithm)).Signatures),
                        new Side("openssl sign + verify", async () => (await OpenSslSpeed.RunAsync(algorithm)).Both),
                    ],
                    RoundCount);
                Rounds.Print(output, $"{algorithm}: certificates, or signatures, per second, median of {RoundCount} rounds of 1 s", rounds, "0");
                output.WriteLine(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"  openssl itself, if it verified the request and signed, would reach {Rounds.Ratio(rounds["openssl sign + verify"], rounds["openssl sign"]):0.00}x of its signatures alone"));
                Phases.Print(output, type, request, s_phase);
                verdicts.Add(new Verdict($"issue-{algorithm}", Rounds.Ratio(rounds["mesh"], rounds["openssl sign"]), "x", 0.7, AtLeast: true));
                verdicts.Add(new Verdict($"issue-{algorithm}-against-sign-and-verify", Rounds.Ratio(rounds["mesh"], rounds["openssl sign + verify"]), "x", 0.7, AtLeast: true));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return verdicts;
    }

    private static double Rate(MeshCertificateAuthority authority, string request)
    {
        var id = SpiffeId.ForServiceAccount("cluster.local", "default", "reviews");
        return 1 / ProcessorTime.PerCall(() => authority.Issue(id, request, null), s_round).TotalSeconds;
    }

    private static MeshCertificateAuthority Open(string folder, WorkloadKeyType type)
    {
        using var key = SigningRequest.NewKey(type);
        var name = new X500DistinguishedName("O=cluster.local");
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        using var root = request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "ca-key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca-cert.pem"), root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "root-cert.pem"), root.ExportCertificatePem());
        return MeshCertificateAuthority.Open(
            new CertificateAuthorityOptions { DataDirectory = folder, PluggedInDirectory = folder }, TimeProvider.System, NullLogger<MeshCertificateAuthority>.Instance);
    }
}
