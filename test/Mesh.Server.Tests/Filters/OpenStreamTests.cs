using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Filters;

/// <summary>A stream that was allowed when it began is judged again when the policy changes.</summary>
public sealed class OpenStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("application/grpc", null)]
    [InlineData(null, "text/event-stream")]
    public async Task A_policy_that_comes_to_deny_it_ends_it(string? contentType, string? accept)
    {
        var mesh = new ScriptedMesh(name => Listeners.Filtered(name, Deny("/admin")));
        var (entered, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.Map("/stream", Streaming(entered, aborted, "begun ")));
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        using var stream = await OpenAsync(client, contentType, accept);
        await entered.Task.WaitAsync(Patience);

        mesh.Push(name => Listeners.Filtered(name, Deny("/admin"), Deny("/other")));
        Assert.False(aborted.Task.IsCompleted);
        mesh.Push(name => Listeners.Filtered(name, Deny("/stream")));

        await aborted.Task.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.Content.ReadAsStringAsync());
        Assert.Contains("ended 1 open streams", await app.Logs.WaitForAsync(3352), StringComparison.Ordinal);
        Assert.StartsWith("spiffe://", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_is_ended_too()
    {
        var mesh = new ScriptedMesh();
        var (entered, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await MeshApp.StartAsync(mesh, map: a =>
        {
            a.UseWebSockets();
            a.Map("/socket", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                context.RequestAborted.Register(aborted.SetResult);
                entered.SetResult();
                await aborted.Task;
            });
        });
        using var caller = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("productpage"));
        await caller.WriteAsync("GET /socket HTTP/1.1\r\nHost: reviews\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await caller.ReadUntilAsync("101 Switching Protocols");
        await entered.Task.WaitAsync(Patience);

        mesh.Push(name => Listeners.Filtered(name, Deny("/socket")));

        await aborted.Task.WaitAsync(Patience);
        await caller.EndedAsync();
    }

    [Fact]
    public async Task One_that_has_ended_is_not_judged()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh, map: a => a.Map("/stream", () => "done"));
        using var client = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueFor("productpage"));
        using (var stream = await OpenAsync(client, "application/grpc", accept: null))
        {
            Assert.Equal("done", await stream.Content.ReadAsStringAsync());
        }

        // A second answer on the connection comes after the first request's end.
        await client.GetStringAsync("/whoami");
        mesh.Push(name => Listeners.Filtered(name, Deny("/stream")));
        await client.GetStringAsync("/whoami");

        Assert.DoesNotContain(app.Logs.Entries, e => e.Id.Id == 3352);
    }

    private static RequestDelegate Streaming(TaskCompletionSource entered, TaskCompletionSource aborted, string first) => async context =>
    {
        await context.Response.WriteAsync(first);
        await context.Response.Body.FlushAsync();
        context.RequestAborted.Register(aborted.SetResult);
        entered.SetResult();
        await aborted.Task;
    };

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client, string? contentType, string? accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/stream") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new ByteArrayContent([]);
        if (contentType is not null)
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static RbacFilterConfig Deny(string path) => new(
        "rbac", new RbacRulesConfig(RbacAction.Deny, [new("deny", [new RbacPathConfig(new StringMatchConfig(StringMatchKind.Exact, path))], [new RbacAnyConfig()])]), null);
}
