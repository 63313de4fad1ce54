using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Grpc;

/// <summary>A Kestrel on loopback with gRPC methods.</summary>
internal sealed class GrpcTestServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private GrpcTestServer(WebApplication app, CollectedLogs logs)
    {
        _app = app;
        Logs = logs;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public Uri Address { get; }

    public CollectedLogs Logs { get; }

    public static async Task<GrpcTestServer> StartAsync(
        Action<IEndpointRouteBuilder> map, TimeProvider? time = null, HttpProtocols protocols = HttpProtocols.Http2)
    {
        var logs = new CollectedLogs();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, o => o.Protocols = protocols));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Logging.AddProvider(logs);
        var app = builder.Build();
        app.UseRouting();
        map(app);
        await app.StartAsync();
        return new GrpcTestServer(app, logs);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
