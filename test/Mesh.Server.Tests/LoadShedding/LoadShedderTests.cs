using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Server.Draining;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.LoadShedding;

/// <summary>Mesh:MaxConcurrentRequests in front of a real app.</summary>
public sealed class LoadShedderTests
{
    private readonly HeldRequests _held = new();

    [Fact]
    public async Task Beyond_the_limit_and_the_queue_one_is_refused_and_the_others_are_served()
    {
        await using var app = await StartAsync(limit: 2, queue: 1);
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        Task<HttpResponseMessage>[] calls = [client.GetAsync("/held"), client.GetAsync("/held")];
        await _held.EnteredAsync();
        await _held.EnteredAsync();

        calls = [.. calls, client.GetAsync("/held"), client.GetAsync("/held")];
        using (var refused = await await Task.WhenAny(calls))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("true", Assert.Single(refused.Headers.GetValues("x-envoy-overloaded")));
            Assert.Equal("The server is overloaded\n", await refused.Content.ReadAsStringAsync());
        }

        Assert.StartsWith("2 requests are in service", await app.Logs.WaitForAsync(3420), StringComparison.Ordinal);
        _held.Release();
        var answers = await Task.WhenAll(calls);
        Assert.Equal([200, 200, 200, 503], answers.Select(a => (int)a.StatusCode).Order());
        Assert.Equal("plaintext HTTP/1.1 http", await client.GetStringAsync("/whoami"));
        Assert.Equal("plaintext HTTP/1.1 http", await client.GetStringAsync("/whoami"));
    }

    [Fact]
    public async Task A_grpc_call_is_told_in_its_own_way()
    {
        await using var app = await StartAsync(limit: 1, queue: 0);
        using var client = Callers.Plaintext(app, HttpVersion.Version20);
        var held = client.GetAsync("/held");
        await _held.EnteredAsync();
        using var call = new HttpRequestMessage(HttpMethod.Post, "/bookinfo.Reviews/Get") { Version = HttpVersion.Version20, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var answer = await client.SendAsync(call);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("14", Assert.Single(answer.Headers.GetValues("grpc-status")));
        Assert.Equal("true", Assert.Single(answer.Headers.GetValues("x-envoy-overloaded")));
        _held.Release();
        (await held).Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_caller_that_gives_up_frees_its_place(string version)
    {
        await using var app = await StartAsync(limit: 1, queue: 1);
        using var client = Callers.Plaintext(app, Version.Parse(version));
        using var givesUp = new CancellationTokenSource();
        var held = client.GetAsync("/held", givesUp.Token);
        await _held.EnteredAsync();

        var waiting = client.GetStringAsync("/whoami");
        await givesUp.CancelAsync();

        Assert.StartsWith("plaintext", await waiting, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
    }

    [Fact]
    public async Task An_app_that_fails_frees_its_place()
    {
        await using var app = await StartAsync(limit: 1, queue: 1, a => a.Map("/fails", _ => throw new InvalidOperationException("as the test says")));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        for (var i = 0; i < 3; i++)
        {
            using var failed = await client.GetAsync("/fails");
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        }
    }

    [Fact]
    public async Task A_WebSocket_holds_its_place_until_it_ends()
    {
        await using var app = await StartAsync(limit: 1, queue: 1, a =>
        {
            a.UseWebSockets();
            a.Map("/socket", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await _held.HoldAsync(context.RequestAborted);
            });
        });
        using var raw = await RawConnection.OpenAsync(app);
        await raw.SendAsync("GET /socket HTTP/1.1\r\nHost: reviews\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8.ToArray());
        await raw.ReadUntilAsync("101 Switching Protocols");
        await _held.EnteredAsync();
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.Equal([200, 503], await TwoWhileFullAsync(client, "/whoami"));
    }

    [Fact]
    public async Task The_refusal_comes_before_the_filters()
    {
        await using var app = await StartAsync(limit: 1, queue: 1, policy: name => Listeners.Filtered(name, Denied("/whoami")));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        var held = client.GetAsync("/held");
        await _held.EnteredAsync();

        Assert.Equal([403, 503], await TwoWhileFullAsync(client, "/whoami"));
        (await held).Dispose();
    }

    [Fact]
    public async Task Who_is_refused_while_the_app_drains_is_sent_off_the_connection()
    {
        await using var app = await StartAsync(limit: 1, queue: 0);
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        var held = client.GetAsync("/held");
        await _held.EnteredAsync();
        app.App.Services.GetRequiredService<ConnectionDrain>().Begin();

        using var refused = await client.GetAsync("/whoami");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.ConnectionClose);
        _held.Release();
        Assert.Equal("served", await (await held).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_a_limit_all_are_in_service_at_once()
    {
        await using var app = await StartAsync(limit: null, queue: 0);
        using var client = Callers.Plaintext(app, HttpVersion.Version20);
        var calls = Enumerable.Range(0, 20).Select(_ => client.GetAsync("/held")).ToArray();
        foreach (var _ in calls)
        {
            await _held.EnteredAsync();
        }

        _held.Release();
        Assert.All(await Task.WhenAll(calls), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    /// <summary>The statuses of two requests while the only place is taken: one is refused, the other waits until the place is free.</summary>
    private async Task<IEnumerable<int>> TwoWhileFullAsync(HttpClient client, string path)
    {
        Task<HttpResponseMessage>[] calls = [client.GetAsync(path), client.GetAsync(path)];
        var first = await Task.WhenAny(calls);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await first).StatusCode);
        _held.Release();
        return (await Task.WhenAll(calls)).Select(a => (int)a.StatusCode).Order();
    }

    private static RbacFilterConfig Denied(string path) => new(
        "rbac", new RbacRulesConfig(RbacAction.Deny, [new("deny", [new RbacPathConfig(new StringMatchConfig(StringMatchKind.Exact, path))], [new RbacAnyConfig()])]), null);

    private Task<MeshApp> StartAsync(int? limit, int queue, Action<WebApplication>? map = null, Func<string, InboundListenerConfig?>? policy = null)
    {
        var mesh = new ScriptedMesh(policy);
        (mesh.Options.MaxConcurrentRequests, mesh.Options.RequestQueueLimit) = (limit, queue);
        return MeshApp.StartAsync(mesh, map: app =>
        {
            _held.Map(app);
            map?.Invoke(app);
        });
    }
}
