using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Tests.Fixture;

namespace ProxylessMesh.Server.Tests.Hosting;

public sealed class AddMeshTests
{
    [Fact]
    public void A_web_application_gets_both_directions_once()
    {
        var builder = WebApplication.CreateBuilder();

        // Compiles to the web application's own AddMesh although the host's is in scope too.
        WebApplicationBuilder same = builder.AddMesh(o => o.Mode = MeshMode.Off);
        same.AddMesh();

        Assert.Same(builder, same);
        Assert.Single(builder.Services, s => s.ImplementationType == typeof(MeshStartupFilter));
        Assert.Single(builder.Services, s => s.ImplementationType == typeof(PortRegistration));
        Assert.Contains(builder.Services, s => s.ServiceType == typeof(IMesh));
        Assert.Equal(typeof(MeshStartupFilter), builder.Services.First(s => s.ServiceType == typeof(IStartupFilter)).ImplementationType);
    }

    [Fact]
    public async Task Without_a_control_plane_the_app_runs_as_before()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddMesh();
        await using var app = builder.Build();
        app.UseMesh();
        app.MapGet("/", (HttpContext c) => $"{c.GetMeshPeer()?.ToString() ?? "nobody"} {c.Request.Headers["x-request-id"]}");
        await app.StartAsync();
        using var client = new HttpClient();

        Assert.Equal("nobody ", await client.GetStringAsync(app.Urls.First()));
        await app.StopAsync();
    }

    [Fact]
    public async Task A_slim_app_without_https_of_its_own_serves_mutual_tls()
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh, slim: true);
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));

        Assert.StartsWith("spiffe:", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseMesh_without_AddMesh_says_what_is_missing()
    {
        await using var app = WebApplication.CreateBuilder().Build();

        Assert.Contains("builder.AddMesh()", Assert.Throws<InvalidOperationException>(() => app.UseMesh()).Message, StringComparison.Ordinal);
    }
}
