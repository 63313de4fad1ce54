using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Sidecar;
using ProxylessMesh.Sidecar.Hosting;
using ProxylessMesh.Sidecar.Outbound;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Sidecar;

/// <summary>A sidecar in this process, as its command builds it.</summary>
internal sealed class SidecarApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeshRuntime _mesh;
    private readonly string _name;

    private SidecarApp(string name, WebApplication app, CollectedLogs logs)
    {
        _name = name;
        _app = app;
        _mesh = app.Services.GetRequiredService<MeshRuntime>();
        Logs = logs;
    }

    public CollectedLogs Logs { get; }

    /// <summary>Of the first entry of Sidecar:Inbound.</summary>
    public IPEndPoint Inbound => new(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);

    public Uri Outbound => new($"http://{_app.Services.GetRequiredService<OutboundProxy>().Address}");

    /// <summary>Starts one for the workload, and waits until what it serves is registered and known to all.</summary>
    /// <param name="environment">Whose mesh it joins.</param>
    /// <param name="app">Label and service account.</param>
    /// <param name="sidecar">What it forwards.</param>
    /// <param name="mesh">Other settings.</param>
    public static async Task<SidecarApp> StartAsync(MeshEnvironment environment, string app, Action<SidecarOptions> sidecar, Action<MeshOptions>? mesh = null)
    {
        var logs = new CollectedLogs();
        var host = SidecarHost.Create(
            ["--hostBuilder:reloadConfigOnChange=false"],
            options =>
            {
                environment.Join(options, app);
                options.Workload.Name = $"{app}-1";
                options.Workload.Labels["app"] = app;
                mesh?.Invoke(options);
            },
            sidecar,
            builder => builder.Logging.ClearProviders().AddProvider(logs));
        await host.StartAsync();
        var started = new SidecarApp($"{app}-1", host, logs);
        if (host.Urls.Count > 0)
        {
            await Poll.UntilAsync(() => environment.Plane.Registry.Current.Any(w => w.Ports.Any(p => p.Value == started.Inbound.Port)), $"the sidecar of {app} has not registered");
            await environment.SettledAsync();
        }

        return started;
    }

    /// <param name="forward">Where the app listens.</param>
    /// <param name="http2">Whether it speaks HTTP/2.</param>
    public static Action<SidecarOptions> Http(IPEndPoint forward, bool http2 = false) =>
        options => options.Inbound.Add(new InboundOptions { Listen = "127.0.0.1:0", Forward = $"{forward}", Http2 = http2 });

    public static Action<SidecarOptions> Tcp(IPEndPoint forward) =>
        options => options.Inbound.Add(new InboundOptions { Listen = "127.0.0.1:0", Forward = $"{forward}", Protocol = InboundProtocol.Tcp });

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await LeakCheck.NothingIsHeldAsync(_mesh, _name);
        }
        finally
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
        }

        await LeakCheck.NothingIsOpenAsync(_mesh, _name);
    }
}
