using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Server.Tests.Jwt.Remote;

/// <summary>Publishes keys, or does not, as the test says.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private KeyServer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public Func<HttpContext, Task> Answer { get; set; } = c =>
    {
        c.Response.StatusCode = 503;
        return Task.CompletedTask;
    };

    /// <param name="certificate">For https; null: http.</param>
    public static async Task<KeyServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var server = new KeyServer(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref server._asked);
            return server.Answer(context);
        });
        await app.StartAsync();
        return server;
    }

    public void Publish(string keys) => Answer = c => c.Response.WriteAsync(keys);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
