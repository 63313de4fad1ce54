using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ProxylessMesh.ControlPlane.Tests.Agent.Health;

public sealed class HealthMonitorTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly HealthTiming s_quick = new() { Interval = TimeSpan.FromMilliseconds(5), UnhealthyInterval = TimeSpan.FromMilliseconds(5), FailureThreshold = 2 };

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task A_port_that_opens_and_closes()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        var port = ((IPEndPoint)first.LocalEndpoint).Port;
        Watch(new HealthTarget(HealthCheckKind.Tcp, port, ""));

        Assert.True(await NextAsync());
        first.Stop();
        Assert.False(await NextAsync());
    }

    [Fact]
    public async Task A_path_that_answers_well_or_not()
    {
        var status = 204;
        await using var app = await StartAsync(HttpProtocols.Http1, a => a.MapGet("/ready", () => Results.StatusCode(Volatile.Read(ref status))));
        Watch(new HealthTarget(HealthCheckKind.Http, PortOf(app), "/ready"));

        Assert.True(await NextAsync());
        Volatile.Write(ref status, 503);
        Assert.False(await NextAsync());
        Volatile.Write(ref status, 302);
        Assert.True(await NextAsync());
    }

    [Fact]
    public async Task A_grpc_service_that_serves_or_not()
    {
        var status = (int)Status.NotServing;
        var asked = "";
        await using var app = await StartAsync(HttpProtocols.Http2, a => a.MapGrpcUnary(WellKnownMethods.CheckHealth, (request, _, _) =>
        {
            asked = request.Service;
            return Task.FromResult(new HealthCheckResponse { Status = (Status)Volatile.Read(ref status) });
        }));
        Watch(new HealthTarget(HealthCheckKind.Grpc, PortOf(app), "shop.Reviews"));

        Volatile.Write(ref status, (int)Status.Serving);
        Assert.True(await NextAsync());
        Volatile.Write(ref status, (int)Status.NotServing);
        Assert.False(await NextAsync());
        Assert.Equal("shop.Reviews", asked);
    }

    /// <summary>As the workload itself, and of nobody else.</summary>
    [Theory]
    [InlineData("a", HealthCheckKind.Http, true)]
    [InlineData("a", HealthCheckKind.Grpc, true)]
    [InlineData("b", HealthCheckKind.Http, false)]
    [InlineData("b", HealthCheckKind.Grpc, false)]
    public async Task An_app_that_terminates_mutual_tls(string server, object kind, bool healthy)
    {
        var authority = new TestAuthority(TimeProvider.System);
        var (own, others) = (authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/a"), authority.IssueIdentity($"spiffe://cluster.local/ns/default/sa/{server}"));
        await using var app = await StartAsync(
            HttpProtocols.Http1AndHttp2,
            a =>
            {
                a.MapGet("/ready", () => "yes");
                a.MapGrpcUnary(WellKnownMethods.CheckHealth, (_, _, _) => Task.FromResult(new HealthCheckResponse { Status = Status.Serving }));
            },
            listen => listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(MeshTls.ForServer(
                    others, new DownstreamTlsConfig("default", "default", RequireClientCertificate: true), [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], TimeProvider.System)),
            }));
        var target = new HealthTarget((HealthCheckKind)kind, PortOf(app), (HealthCheckKind)kind == HealthCheckKind.Http ? "/ready" : "");
        var probe = new HealthProbe(target, IPAddress.Loopback, new FixedIdentity(own), TimeProvider.System);

        var found = await probe.CheckAsync(s_patience, CancellationToken.None);

        Assert.Equal(healthy, found is null);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_not_well()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var probe = new HealthProbe(new HealthTarget(HealthCheckKind.Http, ((IPEndPoint)silent.LocalEndpoint).Port, "/"), IPAddress.Loopback, null, TimeProvider.System);

        Assert.Equal("no answer within 0.05 s", await probe.CheckAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private void Watch(HealthTarget target)
    {
        var probe = new HealthProbe(target, IPAddress.Loopback, null, TimeProvider.System);
        _running = new HealthMonitor(probe, s_quick, TimeProvider.System, NullLogger.Instance).RunAsync(healthy => _changes.Writer.TryWrite(healthy), _stop.Token);
    }

    private async Task<bool> NextAsync() => await _changes.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    private static int PortOf(WebApplication app) => new Uri(app.Urls.First()).Port;

    private static async Task<WebApplication> StartAsync(HttpProtocols protocols, Action<WebApplication> map, Action<ListenOptions>? tls = null)
    {
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            tls?.Invoke(listen);
        }));
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private sealed class FixedIdentity(IdentityState state) : IIdentitySource
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IdentityState? Current => state;

        public string? LastError => null;

        public void Start()
        {
        }

        public Task<IdentityState> WaitAsync(CancellationToken cancellationToken) => Task.FromResult(state);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
