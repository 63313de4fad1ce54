using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client;
using ProxylessMesh.Server.Hosting;

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
    public void UseMesh_without_AddMesh_says_what_is_missing()
    {
        using var app = new Disposing(WebApplication.CreateBuilder().Build());

        Assert.Contains("builder.AddMesh()", Assert.Throws<InvalidOperationException>(() => app.App.UseMesh()).Message, StringComparison.Ordinal);
    }

    private sealed record Disposing(WebApplication App) : IDisposable
    {
        public void Dispose() => ((IDisposable)App).Dispose();
    }
}
