using System.Net;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.Server.Tests.Fixture;

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
