using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Hosting;

public sealed class PortRegistrationTests
{
    [Fact]
    public async Task Ports_are_named_in_the_order_of_the_urls()
    {
        var mesh = new ScriptedMesh();
        mesh.Options.Workload.PortNames.Add("web");
        await using var app = await MeshApp.StartAsync(mesh, urls: "http://127.0.0.1:0;http://127.0.0.1:0");

        var ports = app.App.Urls.Select(u => new Uri(u).Port).ToArray();
        Assert.Equal([new("web", ports[0]), new($"http-{ports[1]}", ports[1])], Assert.Single(mesh.Registrations));
        Assert.True(mesh.AcceptsMutualTls);
    }

    [Fact]
    public async Task The_first_port_is_http_by_default()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);

        Assert.Equal([new("http", app.EndPoint.Port)], Assert.Single(mesh.Registrations));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_stopping_app_serves_on_for_the_drain_delay_and_sends_callers_off_their_connections(string version)
    {
        var time = new FakeTime();
        var mesh = new ScriptedMesh { Time = time };
        mesh.Options.DrainDelay = TimeSpan.FromSeconds(5);
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/connection", (HttpContext context) => context.Connection.Id));
        using var client = Callers.Plaintext(app, Version.Parse(version));
        var before = await client.GetStringAsync("/connection");
        Assert.Equal(before, await client.GetStringAsync("/connection"));
        var armed = time.ArmedTimers;

        var stopping = app.App.StopAsync();
        await time.WhenArmedAsync(armed + 1);

        // The first request still comes over the old connection, and learns that it closes.
        await client.GetStringAsync("/connection");
        Assert.NotEqual(before, await client.GetStringAsync("/connection"));
        Assert.Empty(mesh.Registrations.Last());
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/connection"));
    }

    [Fact]
    public async Task Stopping_takes_the_ports_back_and_lets_requests_in_flight_finish()
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
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        var slow = client.GetStringAsync("/slow");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var servedMeanwhile = "";
        mesh.TakenBack = () =>
        {
            using var other = Callers.Plaintext(app, HttpVersion.Version11);
            servedMeanwhile = other.GetStringAsync("/whoami").GetAwaiter().GetResult();
        };
        var stopping = app.App.StopAsync();
        release.SetResult();

        Assert.Equal("done", await slow);
        await stopping;
        Assert.StartsWith("plaintext", servedMeanwhile, StringComparison.Ordinal);
        Assert.Empty(mesh.Registrations.Last());
    }
}
