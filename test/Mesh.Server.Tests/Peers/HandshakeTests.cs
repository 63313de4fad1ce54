using System.Net;
using System.Net.Security;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tests.Peers;

public sealed class HandshakeTests
{
    private const string CallerId = "spiffe://cluster.local/ns/default/sa/productpage";

    [Fact]
    public async Task Without_a_certificate_the_handshake_fails()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh());
        using var client = Callers.Tls(app, HttpVersion.Version11, new SslClientAuthenticationOptions { TargetHost = "reviews" });

        await AssertRefusedAsync(app, client, "no certificate");
    }

    [Fact]
    public async Task From_another_authority_the_handshake_fails()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        var impostor = new TestAuthority(TimeProvider.System).IssueIdentity(CallerId);
        using var client = Trusting(app, mesh, impostor);

        await AssertRefusedAsync(app, client, "");
    }

    [Fact]
    public async Task From_another_trust_domain_the_handshake_fails()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        var stranger = mesh.Authority.IssueIdentity("spiffe://example.org/ns/default/sa/productpage");
        using var client = Trusting(app, mesh, stranger);

        await AssertRefusedAsync(app, client, "example.org");
    }

    [Fact]
    public async Task Expired_the_handshake_fails()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        var now = TimeProvider.System.GetUtcNow();
        var expired = mesh.Authority.IssueIdentity(CallerId, new TestLeaf { NotBefore = now.AddHours(-2), NotAfter = now.AddHours(-1) });
        using var client = Trusting(app, mesh, expired);

        await AssertRefusedAsync(app, client, "");
    }

    [Fact]
    public async Task A_workload_without_certificate_refuses_tls()
    {
        var mesh = new ScriptedMesh();
        var caller = mesh.Authority.IssueFor("productpage");
        mesh.Source = null;
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Callers.Secure(app, HttpVersion.Version11, caller);

        await AssertRefusedAsync(app, client, "this workload has no certificate");
        Assert.False(mesh.AcceptsMutualTls);
    }

    [Fact]
    public async Task Rotation_serves_the_next_handshake()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var before = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("before"));
        Assert.Contains("before", await before.GetStringAsync("/whoami"), StringComparison.Ordinal);

        var newAuthority = new TestAuthority(TimeProvider.System);
        mesh.Source!.Current = newAuthority.IssueIdentity(ScriptedMesh.ServerId);

        using var after = Callers.Secure(app, HttpVersion.Version20, newAuthority.IssueFor("after"));
        Assert.Contains("after", await after.GetStringAsync("/whoami"), StringComparison.Ordinal);
        using var late = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("late"));
        await Assert.ThrowsAsync<HttpRequestException>(() => late.GetStringAsync("/whoami"));
    }

    // A client that accepts our server whatever its own certificate is worth.
    private static HttpClient Trusting(MeshApp app, ScriptedMesh mesh, IdentityState caller) =>
        Callers.Secure(app, HttpVersion.Version11, new IdentityState(caller.Certificate, mesh.Authority.Bundle));

    private static async Task AssertRefusedAsync(MeshApp app, HttpClient client, string reason)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));
        var refusal = await app.Logs.WaitForAsync(3001);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("did not complete", refusal, StringComparison.Ordinal);
    }
}
