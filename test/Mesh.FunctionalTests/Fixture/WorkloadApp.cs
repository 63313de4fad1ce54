using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>An ASP.NET Core app as a user writes one: <c>AddMesh()</c> and endpoints. It answers whatever it does not map with an <see cref="Answer"/>.</summary>
internal sealed class WorkloadApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeshRuntime _mesh;

    private WorkloadApp(string name, WebApplication app, CollectedLogs logs)
    {
        Name = name;
        _app = app;
        _mesh = app.Services.GetRequiredService<MeshRuntime>();
        Logs = logs;
    }

    public string Name { get; }

    public CollectedLogs Logs { get; }

    /// <summary>Certificate and roots of the moment.</summary>
    public IdentityState Identity => ((MeshRuntime)_app.Services.GetRequiredService<IMesh>()).Identity!.Current!;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);

    public static async Task<WorkloadApp> StartAsync(
        string name, Action<MeshOptions> configure, Action<WebApplication>? map = null, Action<WebApplicationBuilder>? build = null)
    {
        var logs = new CollectedLogs();
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", "--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.AddMesh(configure);
        build?.Invoke(builder);
        var app = builder.Build();
        map?.Invoke(app);
        app.MapFallback("{**path}", (HttpContext context) => new Answer(
            name,
            context.GetMeshPeer()?.Id.ToString(),
            context.Request.Scheme,
            context.Request.Host.Value!,
            context.Request.Protocol,
            context.Request.Path,
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal)));
        await app.StartAsync();
        return new WorkloadApp(name, app, logs);
    }

    /// <summary>As a deployment does: leaves the mesh, lets requests end, closes.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await LeakCheck.NothingIsHeldAsync(_mesh, Name);
        }
        finally
        {
            await _app.DisposeAsync();
        }

        await LeakCheck.NothingIsOpenAsync(_mesh, Name);
    }
}
