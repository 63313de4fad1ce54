using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Server.Tests.Policy;

public sealed class PolicyChangeTests
{
    [Fact]
    public async Task Strict_ends_idle_plaintext_connections_and_the_next_ones_are_refused()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var raw = await RawConnection.OpenAsync(app);
        await raw.SendAsync("GET /whoami HTTP/1.1\r\nHost: reviews\r\n\r\n"u8.ToArray());
        await raw.ReadUntilAsync("http");

        mesh.Push(Listeners.Strict);

        Assert.Equal("", await raw.ReadToEndAsync());
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);
        await Assert.ThrowsAsync<HttpRequestException>(() => plaintext.GetStringAsync("/whoami"));
        using var secure = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        Assert.StartsWith("spiffe:", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);

        mesh.Push(Listeners.Permissive);
        Assert.StartsWith("plaintext", await plaintext.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_of_which_the_control_plane_knows_nothing_stays_closed()
    {
        var mesh = new ScriptedMesh(Listeners.None);
        mesh.Options.Workload.IsGateway = true;
        mesh.Options.ConfigurationTimeout = TimeSpan.FromMilliseconds(100);
        await using var app = await MeshApp.StartAsync(mesh);
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);

        mesh.PushMissing(ResourceErrorKind.DoesNotExist);

        await Assert.ThrowsAsync<HttpRequestException>(() => plaintext.GetStringAsync("/whoami"));
        Assert.False(mesh.AcceptsMutualTls);
        mesh.Push(Listeners.Disable);
        Assert.StartsWith("plaintext", await plaintext.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_lets_a_plaintext_request_in_flight_finish()
    {
        var mesh = new ScriptedMesh();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return "done";
        }));
        using var client = Callers.Plaintext(app, HttpVersion.Version20);
        var slow = client.GetStringAsync("/slow");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        mesh.Push(Listeners.Strict);
        release.SetResult();

        Assert.Equal("done", await slow);
    }

    [Fact]
    public async Task Strict_cuts_a_plaintext_request_that_never_ends()
    {
        var time = new FakeTime(DateTimeOffset.Parse("2026-01-01", System.Globalization.CultureInfo.InvariantCulture));
        var mesh = new ScriptedMesh { Time = time };
        var entered = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/forever", async (HttpContext c) =>
        {
            c.RequestAborted.Register(aborted.SetResult);
            entered.SetResult();
            await aborted.Task;
        }));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        var forever = client.GetStringAsync("/forever");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        mesh.Push(Listeners.Strict);
        time.Advance(TimeSpan.FromSeconds(6));

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<HttpRequestException>(() => forever);
    }

    [Fact]
    public async Task Connections_wait_for_the_first_policy()
    {
        var mesh = new ScriptedMesh(Listeners.None);
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        var call = client.GetStringAsync("/whoami");
        Assert.False(call.IsCompleted);
        mesh.Push(Listeners.Permissive);

        Assert.StartsWith("plaintext", await call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_policy_in_time_connections_are_closed_and_one_line_says_so()
    {
        var mesh = new ScriptedMesh(Listeners.None);
        mesh.Options.ConfigurationTimeout = TimeSpan.FromMilliseconds(100);
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));

        Assert.Single(app.Logs.Entries, e => e.Id.Id == 3004);
    }

    [Fact]
    public async Task A_port_that_the_control_plane_does_not_know_is_permissive()
    {
        var mesh = new ScriptedMesh(Listeners.None);
        await using var app = await MeshApp.StartAsync(mesh);
        mesh.PushMissing(ResourceErrorKind.DoesNotExist);
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));

        Assert.StartsWith("plaintext", await plaintext.GetStringAsync("/whoami"), StringComparison.Ordinal);
        Assert.StartsWith("spiffe:", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);
        Assert.Single(app.Logs.Entries, e => e.Id.Id == 3002);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_policy_that_vanishes_stays_in_force(int kind)
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        mesh.PushMissing((ResourceErrorKind)kind);
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);

        await Assert.ThrowsAsync<HttpRequestException>(() => plaintext.GetStringAsync("/whoami"));
        Assert.Contains("in force: STRICT", Assert.Single(app.Logs.Entries, e => e.Id.Id == 3003).Text, StringComparison.Ordinal);
    }
}
