using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Peers;

/// <summary>The row "mTLS" of the attack table, over real sockets: what cannot prove one identity of this mesh is not heard.</summary>
public sealed class HandshakeAttackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("other trust domain", "belongs to another trust domain")]
    [InlineData("trust domain as a prefix", "belongs to another trust domain")]
    [InlineData("two URIs", "has 2 URIs")]
    [InlineData("common name only", "has no URI")]
    [InlineData("DNS name only", "has no URI")]
    [InlineData("expired", "expired at")]
    [InlineData("not yet valid", "not yet valid")]
    [InlineData("for servers only", "does not allow client authentication")]
    [InlineData("for signing code", "does not allow client authentication")]
    [InlineData("an authority", "is a certificate authority's")]
    [InlineData("may sign certificates", "allows signing certificates")]
    [InlineData("self-signed", "does not chain to a root")]
    [InlineData("ten authorities deep", "more than 8 intermediate")]
    [InlineData("spiffe://cluster.local/../x", "not a SPIFFE id")]
    [InlineData("spiffe://cluster.local/ns/default/sa/../admin", "not a SPIFFE id")]
    [InlineData("spiffe://cluster.local/ns/default/sa/%2e%2e/admin", "not a SPIFFE id")]
    [InlineData("spiffe://cluster.local//ns/default/sa/admin", "not a SPIFFE id")]
    [InlineData("spiffe://cluster.local:443/ns/default/sa/admin", "not a SPIFFE id")]
    [InlineData("spiffe://user@cluster.local/ns/default/sa/admin", "not a SPIFFE id")]
    [InlineData("spiffe://cluster.local/ns/default/sa/admin?x", "not a SPIFFE id")]
    [InlineData("SPIFFE://cluster.local/ns/default/sa/admin", "not a SPIFFE id")]
    [InlineData("spiffe://cluster.local/ns/default/sa/admin\0.evil", "")]
    public async Task A_wrong_certificate_is_refused(string what, string reason)
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        var (leaf, chain) = WrongCertificate.Create(what, mesh.Authority);
        using var client = Callers.Tls(app, HttpVersion.Version11, Options(leaf, chain));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));

        Assert.Contains(reason, await app.Logs.WaitForAsync(3001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_way_with_a_right_certificate_is_served()
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        var (leaf, chain) = WrongCertificate.Create("right", mesh.Authority);
        using var client = Callers.Tls(app, HttpVersion.Version11, Options(leaf, chain));

        Assert.StartsWith("spiffe://cluster.local/ns/default/sa/productpage", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_certificate_is_refused()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(Listeners.Strict));
        using var client = Callers.Tls(app, HttpVersion.Version11, new SslClientAuthenticationOptions { TargetHost = "reviews" });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));
    }

    [ToolFact("openssl")]
    public async Task No_version_resumes_a_session_so_that_a_change_of_policy_or_trust_counts_for_the_next_connection()
    {
        using var files = new TemporaryDirectory();
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        Write(files, mesh);
        foreach (var version in new[] { "-tls1_2", "-tls1_3" })
        {
            // The session is saved and shown again. TLS 1.3 hands tickets out after the handshake: asked for with a request.
            var (_, first) = await SClientAsync(app, files, "GET /whoami HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n", version, "-ign_eof", "-sess_out", files.File("session.pem"));
            Assert.Contains("spiffe://cluster.local/ns/default/sa/productpage", first, StringComparison.Ordinal);
            var (_, second) = await SClientAsync(app, files, "GET /whoami HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n", [version, "-ign_eof", .. SessionOf(files)]);
            Assert.Contains("New, TLSv1", second, StringComparison.Ordinal);
            Assert.DoesNotContain("Reused, TLSv1", second, StringComparison.Ordinal);
            File.Delete(files.File("session.pem"));
        }
    }

    [ToolFact("openssl")]
    public async Task A_session_of_before_a_change_of_trust_opens_nothing_after_it()
    {
        using var files = new TemporaryDirectory();
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        Write(files, mesh);
        var (_, first) = await SClientAsync(app, files, "GET /whoami HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n", "-tls1_2", "-ign_eof", "-sess_out", files.File("session.pem"));
        Assert.Contains("productpage", first, StringComparison.Ordinal);

        mesh.Source!.Current = new TestAuthority(TimeProvider.System).IssueIdentity(ScriptedMesh.ServerId);
        var (_, second) = await SClientAsync(app, files, "GET /whoami HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n", ["-tls1_2", "-ign_eof", .. SessionOf(files)]);

        Assert.DoesNotContain("200 OK", second, StringComparison.Ordinal);
        Assert.Contains("does not chain to a root", await app.Logs.WaitForAsync(3001), StringComparison.Ordinal);
    }

    [ToolFact("openssl")]
    public async Task A_client_cannot_renegotiate()
    {
        using var files = new TemporaryDirectory();
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        Write(files, mesh);

        // "R" on a line of its own is s_client's command for it.
        var (_, output) = await SClientAsync(app, files, "R\nGET /whoami HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n", "-tls1_2");

        Assert.Contains("RENEGOTIATING", output, StringComparison.Ordinal);
        Assert.DoesNotContain("200 OK", output, StringComparison.Ordinal);
    }

    [ToolFact("openssl")]
    public async Task Versions_before_1_2_are_refused()
    {
        using var files = new TemporaryDirectory();
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        Write(files, mesh);

        var (_, output) = await SClientAsync(app, files, "", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");

        Assert.Contains("Cipher is (NONE)", output, StringComparison.Ordinal);
    }

    [ToolFact("openssl")]
    public async Task The_policy_of_the_mesh_chooses_versions_and_cipher_suites()
    {
        using var files = new TemporaryDirectory();
        var parameters = new TlsParametersConfig(SslProtocols.Tls12 | SslProtocols.Tls13, [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]);
        var mesh = new ScriptedMesh(name => Listeners.Of(name, [Listeners.Mtls with { Tls = Listeners.Mtls.Tls! with { Parameters = parameters } }]));
        await using var app = await MeshApp.StartAsync(mesh);
        Write(files, mesh);

        Assert.Contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", (await SClientAsync(app, files, "", "-tls1_2")).Output, StringComparison.Ordinal);
        Assert.Contains("Cipher is (NONE)", (await SClientAsync(app, files, "", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")).Output, StringComparison.Ordinal);
        Assert.Contains("New, TLSv1.3", (await SClientAsync(app, files, "", "-tls1_3")).Output, StringComparison.Ordinal);

        var only13 = new TlsParametersConfig(SslProtocols.Tls13, []);
        mesh.Push(name => Listeners.Of(name, [Listeners.Mtls with { Tls = Listeners.Mtls.Tls! with { Parameters = only13 } }]));
        Assert.Contains("Cipher is (NONE)", (await SClientAsync(app, files, "", "-tls1_2")).Output, StringComparison.Ordinal);
        Assert.Contains("New, TLSv1.3", (await SClientAsync(app, files, "", "-tls1_3")).Output, StringComparison.Ordinal);
    }

    private static SslClientAuthenticationOptions Options(
        X509Certificate2 leaf, X509Certificate2Collection chain) => new()
        {
            TargetHost = "reviews",
            ClientCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
        };

    private static void Write(TemporaryDirectory files, ScriptedMesh mesh)
    {
        var (leaf, _) = WrongCertificate.Create("right", mesh.Authority);
        using var key = leaf.GetECDsaPrivateKey()!;
        File.WriteAllText(files.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.File("cert.pem"), leaf.ExportCertificatePem());
        File.WriteAllText(files.File("root.pem"), mesh.Authority.Certificate.ExportCertificatePem());
    }

    // What is not handed out cannot be shown.
    private static string[] SessionOf(TemporaryDirectory files) =>
        File.Exists(files.File("session.pem")) ? ["-sess_in", files.File("session.pem")] : [];

    private static Task<(int ExitCode, string Output)> SClientAsync(MeshApp app, TemporaryDirectory files, string input, params string[] arguments) => ToolRun.RunAsync(
        "openssl",
        input,
        ["s_client", "-connect", app.EndPoint.ToString(), "-cert", files.File("cert.pem"), "-key", files.File("key.pem"), "-CAfile", files.File("root.pem"), .. arguments]).WaitAsync(Patience);
}
