using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Client.Propagation;
using ProxylessMesh.Server.Tests.Fixture;

namespace ProxylessMesh.Server.Tests.Requests;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Headers_are_captured_where_present_and_end_with_the_request()
    {
        var mesh = new ScriptedMesh();
        mesh.Options.PropagateHeaders.Add("End-User");
        await using var app = await MeshApp.StartAsync(mesh, map: MapCaptured);
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        client.DefaultRequestHeaders.Add("x-request-id", "r-1");
        client.DefaultRequestHeaders.Add("b3", "0");
        client.DefaultRequestHeaders.Add("x-other", "stays");

        using var first = new HttpRequestMessage(HttpMethod.Get, "/captured");
        first.Headers.Add("end-user", "jason");
        using var answer = await client.SendAsync(first);

        Assert.Equal("x-request-id=r-1;b3=0;end-user=jason", await answer.Content.ReadAsStringAsync());
        Assert.Equal("x-request-id=r-1;b3=0", await client.GetStringAsync("/captured"));
    }

    [Fact]
    public async Task A_request_id_is_made_where_there_is_none()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(), map: MapCaptured);
        using var client = Callers.Plaintext(app, HttpVersion.Version20);

        var one = await client.GetStringAsync("/captured");
        var other = await client.GetStringAsync("/captured");

        Assert.True(Guid.TryParse(one["x-request-id=".Length..], out _));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task The_middleware_stands_first_unless_the_app_places_it()
    {
        await using var first = await MeshApp.StartAsync(new ScriptedMesh(), map: a => a.Use(AnswerIdAsync));
        using var toFirst = Callers.Plaintext(first, HttpVersion.Version11);
        Assert.NotEqual("", await toFirst.GetStringAsync("/"));

        await using var placed = await MeshApp.StartAsync(new ScriptedMesh(), map: a =>
        {
            a.Use(async (HttpContext c, RequestDelegate next) =>
            {
                c.Response.Headers["before"] = c.Request.Headers["x-request-id"].ToString();
                await next(c);
            });
            a.UseMesh();
            a.Use(AnswerIdAsync);
        });
        using var toPlaced = Callers.Plaintext(placed, HttpVersion.Version11);
        using var answer = await toPlaced.GetAsync("/");
        Assert.False(answer.Headers.TryGetValues("before", out var before) && before.Any(v => v.Length > 0));
        Assert.NotEqual("", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("https")]
    [InlineData("javascript")]
    public async Task A_plaintext_client_cannot_claim_another_scheme(string scheme)
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh());
        using var raw = await RawConnection.OpenAsync(app);
        await raw.SendAsync(Http2Request.Get("/whoami", scheme));

        Assert.Contains("plaintext HTTP/2 http", await raw.ReadUntilAsync("plaintext HTTP/2 http"), StringComparison.Ordinal);
    }

    private static Task AnswerIdAsync(HttpContext context, RequestDelegate next) =>
        context.Response.WriteAsync(context.Request.Headers["x-request-id"].ToString());

    private static void MapCaptured(WebApplication app) => app.MapGet("/captured", async () =>
    {
        await Task.Yield();
        return string.Join(';', (PropagatedHeaders.Current ?? []).Select(h => $"{h.Key}={h.Value}"));
    });
}
