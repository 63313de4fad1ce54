using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Clusters;

/// <summary>A host outside the mesh that listens on one port of several addresses of this machine and answers with the one it was reached at.</summary>
internal sealed class AddressServers : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AddressServers(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    public static async Task<AddressServers> StartAsync(params string[] addresses)
    {
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var address in addresses)
            {
                kestrel.Listen(IPAddress.Parse(address), port);
            }
        });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Connection.LocalIpAddress!.ToString()));
        await app.StartAsync();
        return new AddressServers(app, port);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
