using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tests.Peers;

/// <summary>A handshake holds for what was trusted then; open connections are judged again by what is trusted now.</summary>
public sealed class TrustChangeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Rotation_alone_ends_no_connection()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var caller = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("productpage"));
        await caller.AskAsync();
        var next = new TestAuthority(TimeProvider.System);

        // A newer certificate, then one more root: both trust all that was trusted.
        mesh.Source!.Current = mesh.Authority.IssueIdentity(ScriptedMesh.ServerId);
        mesh.Source.Current = mesh.Source.Current with { Bundle = mesh.Authority.Bundle with { Roots = [.. mesh.Authority.Roots, .. next.Roots] } };

        for (var i = 0; i < 20; i++)
        {
            await caller.AskAsync();
        }

        Assert.DoesNotContain(app.Logs.Entries, e => e.Id.Id == 3351);
    }

    [Fact]
    public async Task A_connection_whose_root_is_removed_ends()
    {
        var mesh = new ScriptedMesh();
        var other = new TestAuthority(TimeProvider.System);
        mesh.Source!.Current = mesh.Source.Current with { Bundle = mesh.Authority.Bundle with { Roots = [.. mesh.Authority.Roots, .. other.Roots] } };
        await using var app = await MeshApp.StartAsync(mesh);
        using var ofTheOldRoot = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("old"));
        using var ofTheNewRoot = await SecureConnection.OpenAsync(app, other.IssueFor("new"), mesh.Authority.Bundle);
        await ofTheOldRoot.AskAsync();
        await ofTheNewRoot.AskAsync();

        mesh.Source.Current = other.IssueIdentity(ScriptedMesh.ServerId);

        await ofTheOldRoot.EndedAsync();
        await ofTheNewRoot.AskAsync();
        Assert.Contains("1 connections whose certificates", await app.Logs.WaitForAsync(3351), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_in_flight_gets_its_answer_and_then_the_connection_ends()
    {
        var mesh = new ScriptedMesh();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return "done";
        }));
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        var slow = client.GetStringAsync("/slow");
        await entered.Task.WaitAsync(Patience);

        mesh.Source!.Current = new TestAuthority(TimeProvider.System).IssueIdentity(ScriptedMesh.ServerId);
        await app.Logs.WaitForAsync(3351);
        release.SetResult();

        Assert.Equal("done", await slow);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));
    }

    [Fact]
    public async Task A_stream_of_an_untrusted_peer_is_cut_when_its_grace_is_over()
    {
        var time = new FakeTime(TimeProvider.System.GetUtcNow());
        var mesh = new ScriptedMesh { Time = time };
        var (entered, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/forever", async (HttpContext c) =>
        {
            c.RequestAborted.Register(aborted.SetResult);
            entered.SetResult();
            await aborted.Task;
        }));
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        var forever = client.GetStringAsync("/forever");
        await entered.Task.WaitAsync(Patience);

        mesh.Source!.Current = new TestAuthority(TimeProvider.System).IssueIdentity(ScriptedMesh.ServerId);
        await app.Logs.WaitForAsync(3351);
        time.Advance(TimeSpan.FromSeconds(6));

        await aborted.Task.WaitAsync(Patience);
        await Assert.ThrowsAsync<HttpRequestException>(() => forever);
    }

    [Fact]
    public async Task An_expired_peer_that_is_trusted_otherwise_may_finish_what_it_does()
    {
        var time = new FakeTime(TimeProvider.System.GetUtcNow());
        var mesh = new ScriptedMesh { Time = time };
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return "done";
        }));
        var shortLived = mesh.Authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/productpage", new TestLeaf { NotAfter = time.GetUtcNow().AddMinutes(10) });
        using var client = Callers.Secure(app, HttpVersion.Version20, shortLived);
        var slow = client.GetStringAsync("/slow");
        await entered.Task.WaitAsync(Patience);

        time.Advance(TimeSpan.FromMinutes(11));
        mesh.Source!.Current = mesh.Source.Current with { Bundle = mesh.Authority.Bundle with { Roots = [.. mesh.Authority.Roots, .. new TestAuthority(TimeProvider.System).Roots] } };
        await app.Logs.WaitForAsync(3351);
        time.Advance(TimeSpan.FromMinutes(1));
        release.SetResult();

        Assert.Equal("done", await slow);
    }
}
