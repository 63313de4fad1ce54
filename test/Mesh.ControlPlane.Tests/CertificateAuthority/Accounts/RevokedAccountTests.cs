using System.CommandLine;
using Istio.V1.Auth;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority.Accounts;

public sealed class RevokedAccountTests : AuthorityFixture
{
    [Fact]
    public async Task Neither_token_nor_certificate_helps_a_revoked_account_and_peers_refuse_what_it_has()
    {
        using var authority = Open();
        var tokens = JoinTokens.Open(Data, Time);
        var callers = new CallerIdentity(authority, tokens, Time, denied: new DeniedAccounts(new DataDirectory(Data)));
        var service = new CertificateService(authority, callers, new Logger<CertificateService>(Logs));
        var token = "Bearer " + tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        var mine = Enumerable.Range(0, 3).Select(_ => Ask(service, callers.Verify(token, null))).ToList();
        var other = Ask(service, callers.Verify("Bearer " + tokens.Create("default", "ratings", TimeSpan.FromHours(1)), null));

        Assert.Equal(0, await RevokeAsync("default/reviews"));

        foreach (var proof in (CallerProof[])[callers.Verify(token, null), callers.Verify(null, mine[0]), callers.Verify(token, mine[1])])
        {
            Assert.Equal($"{Reviews} is revoked", proof.Error);
            Assert.Equal(GrpcStatusCode.Unauthenticated, Assert.Throws<GrpcException>(() => Ask(service, proof)).Status);
        }

        // A proof from before the ban does not outlive it either.
        Assert.Equal(GrpcStatusCode.Unauthenticated, Assert.Throws<GrpcException>(() => Ask(service, new CallerProof(PeerVerification.Trusted(Reviews)))).Status);

        authority.Reload();
        authority.Reload();
        Assert.All(mine, leaf => Assert.Contains("is revoked", PeerVerifier.Verify(leaf, [], authority.Bundle, Time).Error, StringComparison.Ordinal));
        Assert.True(PeerVerifier.Verify(other, [], authority.Bundle, Time).IsTrusted);
        Assert.True(callers.Verify(null, other).IsTrusted);
    }

    [Fact]
    public void Records_last_as_long_as_the_certificates()
    {
        using var record = new IssuedCertificates(Data, Time);
        record.Add(Reviews, "01", Time.GetUtcNow().AddHours(24));
        record.Add(SpiffeId.Parse("spiffe://cluster.local/ns/default/sa/ratings"), "02", Time.GetUtcNow().AddHours(24));
        record.Add(Reviews, "03", Time.GetUtcNow().AddDays(30));
        File.AppendAllText(Directory.GetFiles(PathOf(IssuedCertificates.FolderName))[0], "04 spiffe://cluster");
        Assert.Equal(["01", "03"], record.Of("default/reviews").Order());

        Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(["03"], record.Of("default/reviews"));
        record.Add(Reviews, "05", Time.GetUtcNow().AddHours(24));
        Assert.Equal(2, Directory.GetFiles(PathOf(IssuedCertificates.FolderName)).Length);
        Assert.Equal(["03", "05"], record.Of("default/reviews").Order());
    }

    [Fact]
    public async Task A_command_line_that_names_nobody_or_two_is_refused()
    {
        Open().Dispose();
        Assert.Equal(ExitCodes.Usage, await RunAsync("certs", "revoke", "--data", Data));
        Assert.Equal(ExitCodes.Usage, await RunAsync("certs", "revoke", "--data", Data, "--service-account", "a/b", "--certificate", "c"));
        Assert.Equal(ExitCodes.Usage, await RunAsync("certs", "revoke", "--ca-certs", Data, "--service-account", "a/b"));
        Assert.Equal(ExitCodes.BadData, await RevokeAsync("reviews"));
        Assert.False(File.Exists(PathOf(DeniedAccounts.FileName)));
    }

    [Fact]
    public async Task A_token_binds_its_account()
    {
        Assert.Equal(0, await RunAsync("token", "create", "--service-account", "default/reviews", "--data", Data, "--label", "app=reviews", "--label", "version=*", "--workload", "reviews-v1"));
        var binding = new WorkloadBindings(new DataDirectory(Data)).Find(Reviews);
        Assert.Equal("--label app=reviews --label version=* --workload reviews-v1", binding?.ToString());
        Assert.Equal(0, await RunAsync("token", "create", "--service-account", "default/reviews", "--data", Data));
        Assert.Equal(ExitCodes.BadData, await RunAsync("token", "create", "--service-account", "default/reviews", "--data", Data, "--label", "app=ratings"));
        Assert.NotEqual(0, await RunAsync("token", "create", "--service-account", "default/reviews", "--data", Data, "--label", "app"));
    }

    private Task<int> RevokeAsync(string account) => RunAsync("certs", "revoke", "--service-account", account, "--data", Data);

    private async Task<int> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        return await MeshCommand.RunAsync(args, Time, new InvocationConfiguration { Output = output, Error = output }, CancellationToken.None);
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 Ask(CertificateService service, CallerProof caller)
    {
        using var key = SigningRequest.NewKey();
        return LeafOf([.. service.CreateCertificate(new IstioCertificateRequest { Csr = SigningRequest.Create(key) }, caller).CertChain]);
    }
}
