using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>Kestrel's limits of time hold on mesh ports. Shortened by the app, as an app may.</summary>
public sealed class SlowClientTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task Slow_clients_are_cut_off_and_others_served()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        var app = await mesh.StartWorkloadAsync("reviews", map: Map, build: builder => builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = Short;
            kestrel.Limits.KeepAliveTimeout = Short;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, Short);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(240, Short);
        }));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://reviews:9080/", _ => true);
        var identity = client.Identity;

        // Half of a record of TLS: Kestrel gives a handshake 10 s. The others are done by then.
        await using var half = await Wire.OpenAsync(app.EndPoint);
        await half.SendAsync([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]);
        var ended = new List<Task<string>> { half.ReadToEndAsync() };
        var wires = new List<Wire>();
        foreach (var begun in new[]
        {
            "GET / HTTP/1.1\r\nHost: rev",
            "POST / HTTP/1.1\r\nHost: reviews\r\nContent-Length: 1000\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: reviews\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "GET / HTTP/1.1\r\nHost: reviews\r\n\r\n",
        })
        {
            wires.Add(await Wire.OpenAsync(app.EndPoint));
            wires.Add(await Wire.OpenAsync(app.EndPoint, identity, SslApplicationProtocol.Http11));
            await wires[^1].SendAsync(begun);
            await wires[^2].SendAsync(begun);
            ended.Add(wires[^1].ReadToEndAsync());
            ended.Add(wires[^2].ReadToEndAsync());
        }

        var all = Task.WhenAll(ended);
        do
        {
            Assert.NotNull((await client.AskAsync("http://reviews:9080/")).Peer);
            await Task.Yield();
        }
        while (!all.IsCompleted);

        await all;
        foreach (var wire in wires)
        {
            await wire.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        var aborted = new TaskCompletionSource();
        var app = await mesh.StartWorkloadAsync(
            "reviews",
            map: a => a.MapGet("/endless", async (HttpContext context) =>
            {
                context.RequestAborted.Register(() => aborted.TrySetResult());
                var some = new byte[64 * 1024];
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(some, context.RequestAborted);
                }
            }),
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = new MinDataRate(10_000_000, Short)));
        await using var wire = await Wire.OpenAsync(app.EndPoint);

        await wire.SendAsync("GET /endless HTTP/1.1\r\nHost: reviews\r\n\r\n");

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static void Map(WebApplication app) => app.Use(async (HttpContext context, RequestDelegate next) =>
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await next(context);
    });
}
