using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Policy;

/// <summary>What a change of policy does to connections that are mutual TLS already.</summary>
public sealed class SecuredPolicyChangeTests
{
    private static readonly TlsParametersConfig Only13 = new(SslProtocols.Tls13, []);

    [Theory]
    [InlineData("PERMISSIVE")]
    [InlineData("STRICT")]
    public async Task Between_PERMISSIVE_and_STRICT_they_stay(string to)
    {
        var mesh = new ScriptedMesh(to == "STRICT" ? Listeners.Permissive : Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        using var caller = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("productpage"));
        await caller.AskAsync();

        mesh.Push(to == "STRICT" ? Listeners.Strict : Listeners.Permissive);

        Assert.Contains("spiffe://", await caller.AskAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DISABLE_serves_what_is_in_flight_and_ends_them()
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return "done";
        }));
        using var idle = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("idle"));
        await idle.AskAsync();
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        var slow = client.GetStringAsync("/slow");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        mesh.Push(Listeners.Disable);
        release.SetResult();

        Assert.Equal("done", await slow);
        await idle.EndedAsync();
        Assert.Contains("2 TLS connections", await app.Logs.WaitForAsync(3350), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_higher_minimum_version_ends_those_below_it_and_refuses_the_next()
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        var identity = mesh.Authority.IssueFor("productpage");
        using var old = Tls12(app, identity);
        Assert.StartsWith("spiffe://", await old.GetStringAsync("/whoami"), StringComparison.Ordinal);
        using var current = await SecureConnection.OpenAsync(app, identity, parameters: Only13);
        await current.AskAsync();

        mesh.Push(name => Listeners.Of(name, [Listeners.Mtls with { Tls = Listeners.Mtls.Tls! with { Parameters = Only13 } }]));

        Assert.Contains("1 TLS connections", await app.Logs.WaitForAsync(3350), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => old.GetStringAsync("/whoami"));
        await current.AskAsync();
    }

    private static HttpClient Tls12(MeshApp app, Xds.Identity.IdentityState identity) => Callers.Tls(app, HttpVersion.Version11, new System.Net.Security.SslClientAuthenticationOptions
    {
        TargetHost = "reviews",
        EnabledSslProtocols = SslProtocols.Tls12,
        ClientCertificateContext = identity.Certificate.Context,
    });
}
