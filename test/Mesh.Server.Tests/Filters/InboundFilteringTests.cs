using System.Net;
using System.Net.Http.Headers;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Filters;

public sealed class InboundFilteringTests
{
    private static readonly RbacPolicyConfig Everything = new("all", [new RbacAnyConfig()], [new RbacAnyConfig()]);
    private static readonly RbacFilterConfig DenyAll = new("rbac", new RbacRulesConfig(RbacAction.Deny, [Everything]), null);

    [Fact]
    public async Task A_refused_request_gets_a_plain_sentence_and_nothing_else()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(name => Listeners.Filtered(name, DenyAll)));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        using var answer = await client.GetAsync("/whoami");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("RBAC: access denied\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["Date", "Server"], answer.Headers.Select(h => h.Key).Order());
    }

    [Fact]
    public async Task A_refused_HEAD_has_headers_only()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(name => Listeners.Filtered(name, DenyAll)));
        using var client = Callers.Plaintext(app, HttpVersion.Version20);

        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/whoami") { Version = HttpVersion.Version20 });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_refused_grpc_call_gets_trailers_only()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(name => Listeners.Filtered(name, DenyAll)));
        using var client = Callers.Plaintext(app, HttpVersion.Version20);
        using var call = new HttpRequestMessage(HttpMethod.Post, "/bookinfo.Reviews/Get") { Version = HttpVersion.Version20 };
        call.Content = new ByteArrayContent([0, 0, 0, 0, 0]);
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var answer = await client.SendAsync(call);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/grpc", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("7", Assert.Single(answer.Headers.GetValues("grpc-status")));
        Assert.Equal("RBAC: access denied", Assert.Single(answer.Headers.GetValues("grpc-message")));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_request_on_an_old_connection_is_judged_by_the_newest_policy()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var raw = await RawConnection.OpenAsync(app);
        await raw.SendAsync("GET /whoami HTTP/1.1\r\nHost: reviews\r\n\r\n"u8.ToArray());
        await raw.ReadUntilAsync("plaintext");

        mesh.Push(name => Listeners.Filtered(name, DenyAll));
        await raw.SendAsync("GET /whoami HTTP/1.1\r\nHost: reviews\r\n\r\n"u8.ToArray());

        Assert.Contains("403", await raw.ReadUntilAsync("RBAC: access denied"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_is_switched_off_does_nothing()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(name => Listeners.Filtered(name, new RbacFilterConfig("rbac", null, null))));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.StartsWith("plaintext", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }
}
