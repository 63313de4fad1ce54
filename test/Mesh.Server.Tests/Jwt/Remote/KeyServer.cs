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

    public static async Task<KeyServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
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
