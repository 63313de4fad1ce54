using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>What the authority's files say reaches running workloads: nobody restarts.</summary>
public sealed class RootRolloverTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task A_new_root_takes_over_under_load_with_no_failed_request_and_no_torn_connection()
    {
        var finish = new TaskCompletionSource();
        await using var mesh = await StartAsync();
        var reviews = await mesh.StartWorkloadAsync("reviews", map: app => app.MapGet("/stream", async context =>
        {
            await context.Response.WriteAsync("begun ");
            await context.Response.Body.FlushAsync();
            await finish.Task.WaitAsync(Poll.Patience);
            await context.Response.WriteAsync("ended");
        }));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        await using var load = new Load(client, Url);
        using var stream = await client.Http.GetAsync(new Uri(Url + "stream"), HttpCompletionOption.ResponseHeadersRead);
        var rollover = new RootRollover(DataDirectory.Of(mesh.DataDirectory), TimeProvider.System);
        var old = mesh.Plane.Authority.State.Signer.Certificate;

        using var root = rollover.Prepare(TimeSpan.FromDays(30));
        await Poll.UntilAsync(() => Trusts(client.Identity, root) && Trusts(reviews.Identity, root), "the new root has not reached everybody");
        Assert.Equal(old, mesh.Plane.Authority.State.Signer.Certificate);

        rollover.Activate();
        await Poll.UntilAsync(() => IsBelow(client.Identity, root) && IsBelow(reviews.Identity, root), "not everybody has a certificate of the new root");
        Assert.Contains("of the old one may be valid", Assert.Throws<CertificateAuthorityException>(() => rollover.Finish(TimeSpan.FromHours(24), force: false)).Message, StringComparison.Ordinal);

        // A connection of before stays whole until the root that vouched for it goes; then it gets a grace of 5 s only.
        finish.SetResult();
        Assert.Equal("begun ended", await stream.Content.ReadAsStringAsync());
        rollover.Finish(TimeSpan.FromHours(24), force: true);
        await Poll.UntilAsync(() => !Trusts(client.Identity, old) && !Trusts(reviews.Identity, old), "the old root is still trusted");

        var late = await mesh.StartClientAsync();
        await late.UntilAsync(Url, _ => true);
        await load.MoreAsync(20);
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_key_of_a_new_root_waits_until_everybody_trusts_it_even_when_both_come_at_once()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        var next = new TestAuthority(TimeProvider.System);
        var file = Path.Combine(mesh.DataDirectory, "root-cert.pem");
        File.WriteAllText(file, File.ReadAllText(file) + next.Certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(mesh.DataDirectory, "ca-cert.pem"), next.Certificate.ExportCertificatePem());
        using var key = next.Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(Path.Combine(mesh.DataDirectory, "ca-key.pem"), key.ExportPkcs8PrivateKeyPem());

        await Poll.UntilAsync(() => IsBelow(client.Identity, next.Roots[0]), "the client has no certificate of the new root");
        var events = client.Logs.Entries.Select(e => e.Id.Id).ToList();
        Assert.True(events.IndexOf(1450) < events.LastIndexOf(1400), "it had the certificate before it trusted the root");
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 4322);
    }

    [Fact]
    public async Task A_revoked_certificate_is_refused_by_peers_and_by_the_control_plane()
    {
        await using var mesh = await StartAsync();
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        var certificate = client.Identity.Certificate.Leaf;

        new Revocations(DataDirectory.Of(mesh.DataDirectory), TimeProvider.System).Add(certificate);
        await Poll.UntilAsync(() => reviews.Identity.Bundle.Revocations.Count == 1, "the list has not reached the workload");

        Assert.Contains("is revoked", PeerVerifier.Verify(certificate, [], reviews.Identity.Bundle, TimeProvider.System).Error, StringComparison.Ordinal);
        Assert.Contains("is revoked", PeerVerifier.Verify(certificate, [], mesh.Plane.Authority.Bundle, TimeProvider.System).Error, StringComparison.Ordinal);
        var other = await mesh.StartClientAsync();
        await other.UntilAsync(Url, _ => true);
    }

    [Fact]
    public async Task An_intermediate_of_the_operator_signs_and_its_certificates_renew_themselves()
    {
        using var folder = new TemporaryDirectory();
        var root = new TestAuthority(TimeProvider.System);
        var below = root.CreateIntermediate().CreateIntermediate();
        File.WriteAllText(folder.File("root-cert.pem"), root.Certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("ca-cert.pem"), below.Certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("cert-chain.pem"), string.Join('\n', below.Intermediates.Select(c => c.ExportCertificatePem())));
        using var key = below.Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(folder.File("ca-key.pem"), key.ExportPkcs8PrivateKeyPem());
        await using var mesh = await MeshEnvironment.StartAsync(
            options => options with { CertificatesDirectory = folder.Path, CertificateLifetime = TimeSpan.FromSeconds(4), MaxCertificateLifetime = TimeSpan.FromSeconds(4) },
            ("services.yaml", Yaml.Service("reviews")),
            ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("reviews", configure: o => o.RootCertificateFile = folder.File("root-cert.pem"));
        var client = await mesh.StartClientAsync(options =>
        {
            options.RootCertificateFile = folder.File("root-cert.pem");
            options.Workload.KeyType = WorkloadKeyType.Rsa2048;
        });
        File.WriteAllText(mesh.PathOf("default-client.token"), "spent");
        await client.UntilAsync(Url, answer => answer.Peer == "spiffe://cluster.local/ns/default/sa/client");
        var first = client.Identity.Certificate.Leaf.SerialNumber;

        await Poll.UntilAsync(() => client.Identity.Certificate.Leaf.SerialNumber != first, "the certificate alone has not got the next one");
        Assert.Equal(2, client.Identity.Certificate.Context.IntermediateCertificates.Count);
        await client.UntilAsync(Url, _ => true);
    }

    private static Task<MeshEnvironment> StartAsync() => MeshEnvironment.StartAsync(
        options => options with { CertificatesReloadInterval = TimeSpan.FromMilliseconds(50) },
        ("services.yaml", Yaml.Service("reviews")),
        ("security.yaml", Yaml.PeerAuthentication("STRICT")));

    private static bool Trusts(IdentityState identity, X509Certificate2 root) => identity.Bundle.Roots.Contains(root);

    private static bool IsBelow(IdentityState identity, X509Certificate2 root) =>
        PeerVerifier.Verify(identity.Certificate.Leaf, [], new TrustBundle("cluster.local", [root]), TimeProvider.System).IsTrusted;
}
