using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Hosting;

public sealed class EndpointTests
{
    [Fact]
    public async Task A_port_of_the_systems_choice_shows_once_and_names_the_policy()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, urls: "http://127.0.0.1:0;http://[::1]:0");

        Assert.Equal(2, app.App.Urls.Count);
        Assert.All(app.App.Urls, url => Assert.NotEqual(0, new Uri(url).Port));
        Assert.Equal(
            app.App.Urls.Select(u => new Uri(u).Authority).Order(), mesh.Watched.Order());
    }

    [Fact]
    public async Task Any_address_is_watched_as_bound()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, urls: "http://0.0.0.0:0");

        Assert.Equal($"0.0.0.0:{app.EndPoint.Port}", Assert.Single(mesh.Watched));
    }

    [Fact]
    public async Task Localhost_is_one_port_on_both_loopbacks()
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh, urls: $"http://localhost:{FreePort()}");
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));

        await Assert.ThrowsAsync<HttpRequestException>(() => plaintext.GetStringAsync("/whoami"));
        await Assert.ThrowsAsync<HttpRequestException>(() => plaintext.GetStringAsync($"http://[::1]:{app.EndPoint.Port}/whoami"));
        Assert.StartsWith("spiffe:", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);
        Assert.Equal([new("http", app.EndPoint.Port)], Assert.Single(mesh.Registrations));
        Assert.Equal($"127.0.0.1:{app.EndPoint.Port}", Assert.Single(mesh.Watched));
    }

    [Fact]
    public async Task Endpoints_of_the_configuration_are_guarded() =>
        await AssertStrictAsync(b => b.Configuration.AddInMemoryCollection([new("Kestrel:Endpoints:main:Url", "http://127.0.0.1:0")]), urls: null);

    [Fact]
    public async Task Endpoints_of_the_apps_code_are_guarded() =>
        await AssertStrictAsync(b => b.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0)), urls: null);

    [Fact]
    public async Task Endpoints_of_http2_alone_serve_it_both_ways()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(
            mesh, b => b.Configuration.AddInMemoryCollection([new("Kestrel:EndpointDefaults:Protocols", "Http2")]));
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version20);
        using var secure = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));

        Assert.Equal("plaintext HTTP/2 http", await plaintext.GetStringAsync("/whoami"));
        Assert.EndsWith("productpage HTTP/2 http", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_apps_own_https_stays_its_own()
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        var certificate = new TestAuthority(TimeProvider.System).Certificate;
        await using var app = await MeshApp.StartAsync(
            mesh, b => b.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.UseHttps(certificate))), urls: null);
        using var client = Callers.Tls(app, HttpVersion.Version11, new() { TargetHost = "localhost" });

        Assert.Equal("plaintext HTTP/1.1 https", await client.GetStringAsync("/whoami"));
        Assert.Empty(Assert.Single(mesh.Registrations));
    }

    [Fact]
    public async Task An_endpoint_that_the_app_keeps_from_the_mesh_by_its_defaults_is_refused_until_it_says_UseMesh()
    {
        var mesh = new ScriptedMesh();
        await using var without = await MeshApp.StartAsync(mesh, b => b.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(_ => { })));
        using var refused = Callers.Plaintext(without, HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.Forbidden, (await refused.GetAsync("/whoami")).StatusCode);
        Assert.Contains("UseMesh()", Assert.Single(without.Logs.Entries, e => e.Id.Id == 3100).Text, StringComparison.Ordinal);

        await using var with = await MeshApp.StartAsync(mesh, b => b.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(o => o.UseMesh())));
        using var served = Callers.Plaintext(with, HttpVersion.Version11);
        Assert.StartsWith("plaintext", await served.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_mesh_is_off_nothing_changes()
    {
        var mesh = new ScriptedMesh(Listeners.Strict) { Enabled = false };
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.MapGet("/id", (HttpRequest r) => r.Headers["x-request-id"].ToString()));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.StartsWith("plaintext", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
        Assert.Equal("", await client.GetStringAsync("/id"));
        Assert.Empty(mesh.Watched);
        Assert.Empty(mesh.Registrations);
    }

    // Kestrel takes no port 0 for "localhost". Below the range that the system gives away, so that nobody gets it meanwhile.
    private static int FreePort()
    {
        for (var port = 21000; ; port++)
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
                return port;
            }
            catch (SocketException) when (port < 22000)
            {
                // Taken.
            }
        }
    }

    private static async Task AssertStrictAsync(Action<WebApplicationBuilder> build, string? urls)
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh, build, urls: urls);
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));

        await Assert.ThrowsAsync<HttpRequestException>(() => plaintext.GetStringAsync("/whoami"));
        Assert.StartsWith("spiffe:", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);
        Assert.Equal(app.EndPoint.Port, Assert.Single(Assert.Single(mesh.Registrations)).Value);
    }
}
